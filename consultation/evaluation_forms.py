"""The stock of evaluation forms (评议表): what an owners' committee is asked about each year."""

import datetime as dt

CODE = "owners-committee"
NAME = "业主委员会年度评议表"
BASIS = "上海市住宅物业管理规定；业主大会议事规则"
CRITERIA = [
    ("transparent", "公开：账目、决定、合同及时公开"),
    ("money", "用钱：维修资金和公共收益用得明白"),
    ("meetings", "开会：按规定召开业主大会，通知到每一户"),
    ("listening", "听意见：来信来访有回音"),
    ("property", "管物业：督促物业公司履行合同"),
    ("repairs", "办实事：漏水、电梯、停车这类事办得快"),
    ("together", "合作：和居委会、物业一起商量"),
    ("overall", "总的来说，您满意吗"),
]


def seed(form_model, criterion_model) -> None:
    """Enter the first version; what is there stays."""
    form, made = form_model.objects.get_or_create(
        neighbourhood=None,
        code=CODE,
        version=1,
        defaults={"name": NAME, "legal_basis": BASIS, "valid_from": dt.date(2021, 1, 1)},
    )
    if made:
        criterion_model.objects.bulk_create(
            criterion_model(form=form, number=n, code=code, text=text)
            for n, (code, text) in enumerate(CRITERIA, 1)
        )
