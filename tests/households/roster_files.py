"""Small workbooks for the tests of the roster, written here so that everyone can see what is in them."""

import io

from openpyxl import Workbook

from households.queries.roster_file.identity import check_digit

HEADINGS = ["序号", "工区", "幢号", "门牌", "室号", "房屋类型", "承租人/产权人", "证件号码"]
HEADINGS += ["联系电话", "租赁凭证号/产证号", "居住面积(㎡)", "建筑面积(㎡)", "厨房", "卫生间"]
HEADINGS += ["户籍人数", "实住人数", "共同居住人", "特殊情况", "备注"]
FIELDS = ["order", "zone", "building", "door", "room", "tenure", "name", "id_number"]
FIELDS += ["phone", "certificate", "living", "floor", "kitchen", "toilet"]
FIELDS += ["registered", "resident", "others", "tags", "remark"]


def id_number(order: int) -> str:
    body = f"31099919550101{order:03d}"
    return body + check_digit(body)


def home(room="101", **different):
    """A good row of building 3; name what is different."""
    order = int("".join(c for c in str(room) if c.isdigit()) or 0)
    row = {
        "order": 1,
        "zone": "第一工区",
        "building": "3号楼",
        "door": "曹杨一村3号",
        "room": room,
        "tenure": "公房",
        "name": "王桂芳",
        "id_number": id_number(order % 1000),
        "phone": f"1990000{order % 10000:04d}",
        "certificate": f"普曹租{order:06d}",
        "living": 23.5,
        "floor": 35.2,
        "kitchen": "合用",
        "toilet": "合用",
        "registered": 3,
        "resident": 2,
        "others": "",
        "tags": "",
        "remark": "",
    }
    return [(row | different)[field] for field in FIELDS]


def sheet_of(*rows, headings=HEADINGS, title=True, totals=True, before=0):
    """A workbook's bytes: title, reporting line, headings, ``rows`` (from Excel's row 4), totals."""
    book = Workbook()
    sheet = book.active
    sheet.title = "住户清册"
    for _blank in range(before):
        sheet.append([])
    if title:
        sheet.append(["曹杨一村旧住房成套改造住户清册"])
        sheet.append(["填报单位：曹杨新村街道", None, None, "填报日期：2020年03月02日"])
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    if totals:
        sheet.append(["合计", None, None, None, f"{len(rows)}户"])
    notes = book.create_sheet("填表说明")
    notes.append(["1. 居住面积以租用公房凭证记载为准；2. 特殊情况可多选。"])
    return saved(book)


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
