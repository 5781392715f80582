"""The pilot building (先行楼): twenty households, one signature short of 95 per cent."""

import io

from openpyxl import Workbook

HEADINGS = (
    "幢号", "门牌", "室号", "房屋类型", "承租人/产权人", "证件号码", "联系电话", "租赁凭证号/产证号",
    "居住面积(㎡)", "建筑面积(㎡)", "厨房", "卫生间", "户籍人数", "实住人数", "特殊情况",
)  # fmt: skip
FIRST_PHONE = 13_800_001_000
NAMES = (
    "王桂芳", "陆志强", "单雪梅", "仇国平", "许秀兰", "沈根发", "解玉珍", "曹文华", "唐惠英", "区伟民",
    "龚美娟", "潘德兴", "㛃小燕", "俞阿毛", "阿依古丽·买买提", "范永康", "尉迟敏", "蔡金妹", "傅建中", "严丽华",
)  # fmt: skip
RESIDENT_PHONE = "13800000001"  # 王桂芳, whose signature decides


def workbook() -> bytes:
    """The pilot's roster as its committee would keep it."""
    book = Workbook()
    sheet = book.active
    sheet.title = "住户清册"
    sheet.append(["曹杨二村先行楼住户清册"])
    sheet.append(HEADINGS)
    for n, name in enumerate(NAMES):
        floor, place = divmod(n, 5)
        owner = n % 4 == 3
        area = f"{14 + n % 7}.{n % 10}㎡"
        sheet.append(
            [
                "8号楼", "曹杨二村8号", f"{floor + 1}0{place + 1}", "售后公房" if owner else "公房",
                name, None, RESIDENT_PHONE if n == 0 else str(FIRST_PHONE + n),
                f"沪房地普字(2003)第{n + 1:06d}号" if owner else f"普曹租8{n + 1:05d}",
                area, 24.5 + n % 7, "合用", "合用", 1 + n % 4, 1 + n % 3,
                "独居老人" if n in (0, 7) else None,
            ]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
