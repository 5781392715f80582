"""Materials: handed in on a phone, seen by the committee alone, checked or asked for again."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from households.actions import materials as actions
from households.actions import projects
from households.models import (
    FileReading,
    Material,
    MaterialFile,
    MaterialItem,
    Residency,
    SigningProgress,
)
from households.queries.materials import slots
from tests.conftest import EVERYONE
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import co_owner, mandate_for

WHO_MAY = {
    "ask_for_material": {"chen", "lin"},
    "drop_material_item": {"chen", "lin"},
    "hand_in_material": {"wang"},
    "take_back_material": {"wang"},
    "read_material": {"chen", "lin"},
    "check_material": {"chen", "lin"},
    "return_material": {"chen", "lin"},
    "note_material_seen": {"chen", "lin"},
}


def item(project, name, whom, *, needed=True, order=1):
    return MaterialItem.objects.create(
        neighbourhood=project.neighbourhood,
        project=project,
        name=name,
        whom=whom,
        is_needed=needed,
        order=order,
    )


@pytest.fixture
def agreement(project, households, people):
    """Of 王桂芳; the project asks for her ID card and the household's certificate."""
    item(project, "身份证", "signatory", order=1)
    item(project, "房本", "household", order=2)
    item(project, "委托书", "agent", order=3)
    return frozen_agreement(project, households.wang, people["chen"])


def picture(colour="white"):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def key_of(agreement, name):
    return next(slot.key for slot in slots(agreement) if slot.item.name == name)


def handed_in(agreement, by, name="身份证", count=1):
    files = [
        intake.keep(
            picture(),
            f"{n}.png",
            "image/png",
            neighbourhood_id=agreement.neighbourhood_id,
            by=by,
            conceal=True,
        )
        for n in range(count)
    ]
    return actions.hand_in_material(agreement, key=key_of(agreement, name), files=files, by=by)


def at(name, agreement, *more):
    return reverse(f"households:{name}", args=[agreement.pk, *more])


@pytest.fixture
def wang(client, people, agreement):
    client.force_login(people["wang"])
    client.post(at("sign_identity", agreement))
    return client


def upload(client, agreement, *files, name="身份证"):
    given = [SimpleUploadedFile(f"{n}.png", file, "image/png") for n, file in enumerate(files)]
    return client.post(
        at("sign_material_hand_in", agreement), {"key": key_of(agreement, name), "photos": given}
    )


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, agreement, project):
    material = handed_in(agreement, people["wang"])
    subject = {
        "ask_for_material": project,
        "drop_material_item": material.item,
        "take_back_material": material.files.get(),
    }.get(act, material)
    assert may(people[person], f"households.{act}", subject) is (person in WHO_MAY[act])


def test_wang_hands_in_two_photos_and_goes_on_without_javascript(wang, people, agreement):
    page = wang.get(at("sign_materials", agreement)).content.decode()
    assert ("身份证" in page, "王*芳" in page, "房本" in page, "委托书" in page) == (
        True,
        True,
        True,
        False,
    )
    assert "先跳过，原件带到居委" in page
    answer = upload(wang, agreement, picture(), picture("red"))
    assert answer.url == at("sign_materials", agreement)
    page = wang.get(answer.url).content.decode()
    assert ("第 2 张" in page, "已收到，待核对" in page) == (True, True)
    upload(wang, agreement, picture("blue"), name="房本")
    assert "材料好了，下一步" in wang.get(answer.url).content.decode()
    assert wang.post(at("sign_materials", agreement)).url == at("sign_tasks", agreement)
    assert SigningProgress.objects.get().materials_seen_at is not None


def test_it_can_still_be_skipped(wang, agreement):
    assert wang.post(at("sign_materials", agreement)).url == at("sign_tasks", agreement)
    page = wang.get(at("sign_tasks", agreement)).content.decode()
    assert "④ 上传材料" in page
    assert "已完成" in page


def test_a_lost_session_finds_what_was_handed_in(client, wang, people, agreement):
    upload(wang, agreement, picture())
    client.session.flush()
    client.force_login(people["wang"])
    assert "第 1 张" in client.get(at("sign_materials", agreement)).content.decode()


def test_the_storage_holds_ciphertext_and_the_owner_sees_the_photo(wang, people, agreement):
    upload(wang, agreement, picture())
    file = MaterialFile.objects.get()
    with default_storage.open(file.file.key) as stored:
        assert b"PNG" not in stored.read()
    answer = wang.get(at("sign_material_file", agreement, file.pk))
    assert answer.content.startswith(b"\x89PNG")
    assert answer["Cache-Control"] == "private, no-store"


def test_taken_back_it_is_destroyed(wang, people, agreement, django_capture_on_commit_callbacks):
    upload(wang, agreement, picture())
    file = MaterialFile.objects.get()
    key = file.file.key
    with django_capture_on_commit_callbacks(execute=True):
        wang.post(at("sign_material_take_back", agreement, file.pk))
    assert (default_storage.exists(key), Attachment.objects.filter(key=key).exists()) == (
        False,
        False,
    )
    assert (MaterialFile.objects.count(), Material.objects.count()) == (0, 0)
    entry = Entry.objects.get(act="households.take_back_material")
    assert entry.facts == {"item": "身份证", "sha256": file.file.sha256}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "请先选照片"),
        ([b"MZ not a photo"], "只收照片"),
        ([picture()] * 4, "一次最多 3 张"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(wang, agreement, given, said):
    answer = upload(wang, agreement, *given)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert (MaterialFile.objects.count(), Material.objects.count()) == (0, 0)


def test_ten_are_enough_and_what_is_refused_is_not_kept(
    wang, people, agreement, django_capture_on_commit_callbacks
):
    handed_in(agreement, people["wang"], count=9)
    before = Attachment.objects.count()
    answer = upload(wang, agreement, picture(), picture())
    assert (answer.status_code, "最多 10 张" in answer.content.decode()) == (422, True)
    assert (MaterialFile.objects.count(), Attachment.objects.count()) == (9, before)


def test_a_forged_slot_takes_nothing(wang, agreement, project):
    foreign = MaterialItem.objects.get(name="委托书")  # nobody holds a mandate here
    answer = wang.post(
        at("sign_material_hand_in", agreement),
        {"key": f"{foreign.pk}:", "photos": [SimpleUploadedFile("a.png", picture(), "image/png")]},
    )
    assert (answer.status_code, "清单变了" in answer.content.decode()) == (422, True)
    assert MaterialFile.objects.count() == 0


def test_the_family_sees_that_something_is_there_and_not_what(client, people, agreement, wang):
    upload(wang, agreement, picture())
    file = MaterialFile.objects.get()
    co_owner(agreement, "孙丽", people["sun"])
    client.force_login(people["sun"])
    client.post(at("sign_identity", agreement))
    page = client.get(at("sign_materials", agreement)).content.decode()
    assert ("家里人已经交了一些" in page, str(file.pk) in page) == (True, False)
    for name in ("sign_material_file", "sign_material_take_back"):
        method = client.get if name == "sign_material_file" else client.post
        assert method(at(name, agreement, file.pk)).status_code == 404
    assert client.post(at("read_material", agreement, file.pk)).status_code == 403
    assert MaterialFile.objects.count() == 1


@pytest.mark.parametrize("who", ["zhao", "hu", "root", "lou", "deng", "mei", "gu", "fang", "shen"])
def test_nobody_else_sees_them(client, people, agreement, who):
    file = handed_in(agreement, people["wang"]).files.get()
    client.force_login(people[who])
    assert client.post(at("read_material", agreement, file.pk)).status_code in (403, 404)
    assert client.get(at("sign_material_file", agreement, file.pk)).status_code == 404
    page = client.get(reverse("households:household_detail", args=[agreement.household_id]))
    assert "看第 1 张" not in page.content.decode()


@pytest.mark.parametrize("page", ["household_detail", "agreement_detail"])
def test_the_committee_reads_it_and_the_household_sees_that_it_did(
    client, people, agreement, page
):
    file = handed_in(agreement, people["wang"]).files.get()
    client.force_login(people["chen"])
    where = agreement.household_id if page == "household_detail" else agreement.pk
    shown = client.get(reverse(f"households:{page}", args=[where])).content.decode()
    assert at("read_material", agreement, file.pk) in shown
    answer = client.post(at("read_material", agreement, file.pk))
    assert answer.content.startswith(b"\x89PNG")
    reading = FileReading.objects.get(what="document")
    assert (reading.reader, reading.reason) == (people["chen"], "查看材料：身份证")
    assert Entry.objects.filter(act="households.read_material").count() == 1


def test_checked_it_can_no_longer_be_changed(wang, client, people, agreement):
    upload(wang, agreement, picture())
    file, material = MaterialFile.objects.get(), Material.objects.get()
    client.force_login(people["chen"])
    answer = client.post(at("check_material", agreement, material.pk), {"from": "file"})
    assert answer.url == (
        reverse("households:household_detail", args=[agreement.household_id]) + "#materials"
    )
    material.refresh_from_db()
    assert (material.state, material.settled_by) == ("checked", people["chen"])
    client.force_login(people["wang"])
    page = client.get(at("sign_materials", agreement)).content.decode()
    assert ("已核对" in page, "上传身份证" in page) == (True, False)
    with pytest.raises(Refused, match="不能再撤回"):
        actions.take_back_material(file, by=people["wang"])
    with pytest.raises(Refused, match="不用再交"):
        handed_in(agreement, people["wang"])


def test_another_one_is_asked_for_with_the_reason(wang, client, people, agreement):
    upload(wang, agreement, picture())
    wang.post(at("sign_materials", agreement))
    material = Material.objects.get()
    client.force_login(people["lin"])
    page = at("return_material", agreement, material.pk)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "照片看不清号码"})
    deliver_pending()
    notice = Notice.objects.get(reader=people["wang"])
    assert "“身份证”请再交一份，因为：照片看不清号码" in notice.text
    assert notice.link == at("sign_materials", agreement)
    assert "看不清" not in str(Entry.objects.get(act="households.return_material").facts)
    client.force_login(people["wang"])
    assert "有材料要再交一份" in client.get(at("sign_tasks", agreement)).content.decode()
    assert "照片看不清号码" in client.get(at("sign_materials", agreement)).content.decode()
    upload(client, agreement, picture("red"))
    material.refresh_from_db()
    assert (material.state, material.reason, material.files.count()) == ("waiting", "", 2)


def test_the_original_is_seen_at_the_counter(client, people, agreement):
    client.force_login(people["chen"])
    client.post(at("note_material_seen", agreement), {"key": key_of(agreement, "房本")})
    material = Material.objects.get()
    assert (material.state, material.item.name, material.settled_by) == (
        "seen",
        "房本",
        people["chen"],
    )
    assert client.post(at("note_material_seen", agreement), {"key": "x"}).status_code == 404


def test_the_household_s_own_page_says_what_it_handed_in(client, people, agreement):
    handed_in(agreement, people["wang"], count=2)
    client.force_login(people["wang"])
    page = client.get(reverse("households:my_file")).content.decode()
    assert ("身份证 王*芳" in page, "已传 2 张" in page) == (True, True)


def test_an_empty_material_is_not_checked(people, agreement):
    empty = Material.objects.create(
        neighbourhood=agreement.neighbourhood,
        household=agreement.household,
        item=MaterialItem.objects.get(name="房本"),
    )
    with pytest.raises(Refused, match="还没有交文件"):
        actions.check_material(empty, by=people["chen"])


def test_nobody_checks_for_the_own_household(people, agreement):
    material = handed_in(agreement, people["wang"])
    Residency.objects.create(
        neighbourhood=agreement.neighbourhood,
        user=people["chen"],
        household=agreement.household,
        way="letter",
        verified_at=timezone.now(),
    )
    with pytest.raises(PermissionDenied):
        actions.check_material(material, by=people["chen"])


def test_an_agent_hands_in_the_mandate_and_a_mere_planner_does_not(people, agreement):
    mandate = mandate_for(agreement, people["sun"], people)
    assert handed_in(agreement, people["sun"], "委托书").state == "waiting"
    assert [slot.member.name for slot in slots(agreement) if slot.item.name == "委托书"] == [
        "王桂芳"
    ]
    mandate.matter = "plan"
    mandate.save(update_fields=["matter"])
    with pytest.raises(PermissionDenied):
        handed_in(agreement, people["sun"])


def test_a_dead_agreement_takes_none(people, agreement):
    type(agreement).objects.update(state="void", closing_reason="撤销")
    with pytest.raises(Refused, match="不用再交材料"):
        handed_in(agreement, people["wang"])


def test_the_list_finds_what_waits_for_the_desk(client, people, agreement):
    client.force_login(people["chen"])
    url = reverse("households:agreement_list")
    assert agreement.number not in client.get(url, {"state": "materials"}).content.decode()
    handed_in(agreement, people["wang"])
    assert agreement.number in client.get(url, {"state": "materials"}).content.decode()


def test_the_committee_sets_what_is_asked_for(client, people, project, agreement):
    url = at("material_items", project)
    client.force_login(people["chen"])
    asked = {"name": "结婚证", "hint": "两人的页", "whom": "household", "is_needed": "on"}
    assert client.post(url, asked).status_code == 302
    again = client.post(url, asked)
    assert (again.status_code, "清单里已有" in again.content.decode()) == (422, True)
    assert [slot.item.name for slot in slots(agreement)] == ["身份证", "房本", "结婚证"]
    handed_in(agreement, people["wang"])
    client.post(at("drop_material_item", project, MaterialItem.objects.get(name="身份证").pk))
    assert [slot.item.name for slot in slots(agreement)] == ["房本", "结婚证"]
    assert Material.objects.count() == 1  # what was handed in stays
    for who in ("wang", "adi", "deng"):
        client.force_login(people[who])
        assert client.post(url, asked).status_code == 403


def test_a_new_project_begins_with_the_usual(places, people):
    new = projects.start_project(
        places.here, name="新项目", code="new", kind="complete_set_renovation", by=people["chen"]
    )
    assert list(new.material_items.values_list("name", "whom", "is_needed")) == [
        ("身份证", "signatory", True),
        ("房本或租用公房凭证", "household", True),
        ("户口簿", "household", False),
        ("委托书", "agent", True),
        ("受托人身份证", "agent", True),
    ]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"state": "returned"}, "a_returned_material_says_why"),
        ({"state": "checked"}, "a_settled_material_names_its_clerk"),
    ],
)
def test_the_database_holds_the_rules(people, agreement, wrong, name):
    material = handed_in(agreement, people["wang"])
    if "returned" in wrong.values():
        wrong = wrong | {"settled_by": people["chen"], "settled_at": timezone.now()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Material.objects.update(**wrong)
    with (
        pytest.raises(IntegrityError, match="a_household_s_material_stands_once"),
        transaction.atomic(),
    ):
        Material.objects.create(
            neighbourhood=material.neighbourhood,
            household=material.household,
            item=material.item,
            member=material.member,
        )
    with pytest.raises(IntegrityError, match="a_material_is_asked_for_once"), transaction.atomic():
        item(agreement.project, "身份证", "household")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["sign_materials", "agreement_detail", "household_detail"])
def test_pages_ask_no_more_for_more_materials(
    client, people, agreement, project, count, name, django_assert_max_num_queries
):
    MaterialItem.objects.exclude(name="身份证").update(dropped_at=timezone.now())
    for n in range(count - 1):
        item(project, f"第{n}种", "household", order=9 + n)
    for slot in slots(agreement):
        handed_in(agreement, people["wang"], slot.item.name, count=count)
    person = "wang" if name == "sign_materials" else "chen"
    client.force_login(people[person])
    where = agreement.household_id if name == "household_detail" else agreement.pk
    url = reverse(f"households:{name}", args=[where])
    if person == "wang":
        client.post(at("sign_identity", agreement))
    client.get(url)
    with django_assert_max_num_queries(MOST_QUERIES[name]):
        assert client.get(url).status_code == 200


MOST_QUERIES = {"sign_materials": 14, "agreement_detail": 20, "household_detail": 34}
