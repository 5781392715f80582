"""The text of agreements: cleaned, checked, published once, and never changed again."""

import pytest

from caoyang_portal.errors import Refused
from households.actions import agreements, templates
from households.models import AgreementTemplate, AllowanceItem, Plan
from households.queries import templates as texts
from tests.households import paperwork


def draft(project, by, body=paperwork.BODY, **fields):
    return templates.draft_template(
        project,
        **{"name": "调整协议", "body": body, "key_points": paperwork.POINTS, "by": by} | fields,
    )


HOSTILE = """<h2 onclick="x()">一 权利义务</h2><script>alert(1)</script>
<p style="background:url(http://169.254.169.254)">违约责任<img src="file:///etc/passwd"></p>
<link rel=attachment href="file:///etc/passwd"><style>@import "http://x"; @font-face {}</style>
<h2>二 回搬</h2><p><a href="http://x">签约时间</a></p><iframe src="x"></iframe>"""


def test_only_a_contract_s_tags_stay(project, people):
    body = draft(project, people["chen"], HOSTILE).body
    assert body == ("<h2>一 权利义务</h2>\n<p>违约责任</p>\n\n<h2>二 回搬</h2><p>签约时间</p>")


def test_an_unknown_placeholder_is_refused_by_name(project, people):
    with pytest.raises(Refused) as refusal:
        draft(project, people["chen"], "<p>{{ bank_account }}</p>")
    assert str(refusal.value) == "占位符“bank_account”不认识，请从清单里选。"
    assert AgreementTemplate.objects.count() == 0


def test_what_the_law_wants_said_keeps_a_draft_from_being_published(project, people):
    template = draft(project, people["chen"], "<h2>第一条</h2><p>甲乙双方</p>", key_points="一")
    assert texts.blockers(template) == [
        "正文还没有写“权利义务”。",
        "正文还没有写“违约责任”。",
        "正文还没有写“回搬或安置方案”。",
        "正文还没有写“签约时间”。",
        "正文至少要分两章，每章用“标题”开头。",
    ]
    with pytest.raises(Refused, match="权利义务"):
        templates.publish_template(template, by=people["chen"])


def test_a_published_text_never_changes(project, people):
    template = paperwork.published(project, people["chen"])
    assert template.sha256 == texts.sha256_of(template.body)
    with pytest.raises(Refused, match="已发布的范本不能修改"):
        templates.edit_template(
            template, name="x", body="x", key_points="x", changes="", by=people["chen"]
        )
    template.refresh_from_db()
    assert template.name == "调整协议"


def test_the_next_version_says_what_changed(project, people):
    paperwork.published(project, people["chen"])
    second = draft(project, people["chen"])
    assert (second.version, texts.blockers(second)) == (2, ["请写明较上一版的变化。"])
    with pytest.raises(Refused, match="上一版还没有发布"):
        draft(project, people["chen"])
    templates.edit_template(
        second,
        name=second.name,
        body=second.body,
        key_points=second.key_points,
        changes="改了第三条",
        by=people["chen"],
    )
    second.refresh_from_db()
    assert templates.publish_template(second, by=people["chen"]).published_at is not None


def test_an_unpublished_text_makes_no_agreement(project, people, households):
    with pytest.raises(Refused, match="范本还没有发布"):
        agreements.make_agreement(
            households.wang, draft(project, people["chen"]), by=people["chen"]
        )


@pytest.fixture
def planned(project, households, people):
    """王桂芳's household with all that the text we offer speaks of."""
    from caoyang_portal.community.models import Organisation

    project.implementer = Organisation.objects.create(
        sub_district=project.neighbourhood.sub_district, kind="implementer", name="普陀城投"
    )
    project.resettlement = "改造后回搬原址。"
    project.effect_condition = "生效日期以公告为准。"
    project.works_duration = "十八个月"
    project.withdrawal_rule = "签约期内可以书面撤回。"
    project.save()
    home = households.wang
    home.kitchen, home.toilet = "shared", "shared"
    home.save(update_fields=["kitchen", "toilet"])
    Plan.objects.create(
        neighbourhood=home.neighbourhood,
        project=project,
        household=home,
        version=1,
        summary="厨房和卫生间独用。",
        area_before="20.50",
        area_after="28.30",
        drawn_by=people["deng"],
        published_at=project.created_at,
    )
    AllowanceItem.objects.create(
        neighbourhood=home.neighbourhood,
        project=project,
        household=home,
        code="moving",
        name="搬家费",
        formula_text="每户 1 次",
        quantity=1,
        unit_price="3000",
        amount="3000",
    )
    return home


def test_the_text_we_offer_can_be_published_and_filled(project, people, planned):
    template = draft(
        project, people["chen"], texts.default_body(), key_points=texts.DEFAULT_POINTS
    )
    templates.publish_template(template, by=people["chen"])
    made = agreements.make_agreement(planned, template, by=people["chen"])
    assert "{{" not in made.text + made.key_points
    assert "<td>20.50 平方米</td><td>28.30 平方米</td>" in made.text
    assert "<td>搬家费</td><td>每户 1 次</td><td>3,000.00</td>" in made.text
    assert "<p><table" not in made.text
    assert made.plan.version == 1
    assert len(made.key_points.splitlines()) == 3


def test_the_pages_of_a_text(client, project, people, households):
    client.force_login(people["chen"])
    page = client.get(f"/projects/{project.pk}/templates/draft/").content.decode()
    assert "{{ holder_name }}" in page
    posted = {"name": "调整协议", "key_points": paperwork.POINTS, "body": paperwork.BODY}
    answer = client.post(f"/projects/{project.pk}/templates/draft/", posted)
    template = AgreementTemplate.objects.get()
    url = f"/templates/{template.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, url)
    look = client.get(url, {"household": households.wang.pk}).content.decode()
    assert ("王*芳" in look, "王桂芳" in look) == (True, False)
    pdf = client.get(f"{url}preview.pdf", {"household": households.wang.pk})
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.post(f"{url}publish/").status_code == 302
    template.refresh_from_db()
    assert template.published_at is not None
    wrong = client.post(
        f"/projects/{project.pk}/templates/draft/", posted | {"body": "{{ nobody }}"}
    )
    assert (wrong.status_code, "占位符“nobody”不认识" in wrong.content.decode()) == (422, True)


@pytest.mark.parametrize(("person", "status"), [("chen", 200), ("wang", 404), ("fang", 404), ("gu", 404)])  # fmt: skip
def test_only_the_desk_sees_the_texts(client, project, people, person, status):
    template = paperwork.published(project, people["chen"])
    client.force_login(people[person])
    assert client.get(f"/projects/{project.pk}/templates/").status_code == status
    assert client.get(f"/templates/{template.pk}/").status_code == status
