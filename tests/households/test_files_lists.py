"""The household list as one likes it; what is done to a selection, and how it is taken back."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Preference, Sending
from households.actions import export_jobs, exports, messaging, visits
from households.models import (
    CareTag,
    Export,
    FileReading,
    GroupMessage,
    Household,
    ListLook,
    SavedFilter,
)
from households.queries.messaging import audience, parts
from tests.conftest import make_household

pytestmark = pytest.mark.django_db
LIST = "/households/"


def url(name, *args):
    return reverse(f"households:{name}", args=args)


@pytest.fixture
def chen(client, people):
    client.force_login(people["chen"])
    return client


def page_of(client, words="") -> str:
    return client.get(f"{LIST}{words}").content.decode()


# --- how it looks -----------------------------------------------------------------------------


def test_columns_and_density_stand_in_the_address_and_are_remembered_when_asked(
    chen, people, households
):
    words = "?q=9-202&cols=tenure&cols=area&density=compact"
    page = page_of(chen, words)
    assert "households compact" in page
    assert 'data-label="居住面积"' in page
    assert 'data-label="最近联系"' not in page
    assert "households compact" not in page_of(chen)  # not yet
    look = {"columns": ["tenure", "area"], "density": "compact", "query": "q=9-202"}
    assert chen.post(url("keep_look"), look)["Location"] == f"{LIST}?q=9-202"
    page = page_of(chen)
    assert "households compact" in page
    assert 'data-label="最近联系"' not in page
    assert "households compact" not in page_of(chen, "?density=comfortable")
    assert 'data-label="最近联系"' in page_of(chen, "?cols=contact")
    chen.post(url("keep_look"), {"columns": ["members__phone"], "density": "huge"})
    assert ListLook.objects.get().columns == ["tenure", "area"]
    chen.force_login(people["lin"])
    assert "households compact" not in page_of(chen)  # hers is hers


def test_a_saved_search_keeps_its_columns_and_is_counted(chen, households):
    query = "tenure=private_owner&density=compact&cols=area"
    chen.post(url("save_filter"), {"name": "产权房", "query": query})
    saved = SavedFilter.objects.get()
    assert saved.query == query
    assert "产权房 <b>1</b>" in page_of(chen)


def test_the_list_opens_with_the_default_search_and_everything_is_one_click_away(
    chen, people, households
):
    words = {"name": "产权房", "query": "tenure=private_owner", "is_default": "on"}
    chen.post(url("save_filter"), words)
    assert chen.get(LIST)["Location"] == f"{LIST}?tenure=private_owner"
    page = page_of(chen, "?all=1")
    assert f'<a href="{LIST}?all=1" aria-current="true">看全部</a>' in page
    assert "3 户" in page
    chen.post(url("save_filter"), {"name": "三号楼", "query": "q=3", "is_default": "on"})
    assert list(SavedFilter.objects.filter(is_default=True).values_list("name", flat=True)) == [
        "三号楼"
    ]
    first = SavedFilter.objects.get(name="产权房")
    chen.post(url("set_default_filter", first.pk), {"on": "1"})
    assert chen.get(LIST)["Location"] == f"{LIST}?tenure=private_owner"
    chen.post(url("set_default_filter", first.pk), {"on": "0"})
    assert chen.get(LIST).status_code == 200
    SavedFilter.objects.update(is_shared=True)
    chen.force_login(people["lin"])
    assert chen.post(url("set_default_filter", first.pk), {"on": "1"}).status_code == 403


# --- tags -------------------------------------------------------------------------------------


def picked(*homes, **more):
    return {"picks": ",".join(str(home.pk) for home in homes), "go": "1", **more}


def standing():
    return set(CareTag.objects.filter(removed_at=None).values_list("household__room", "kind"))


def test_a_tag_for_many_is_put_on_and_taken_back(chen, people, households):
    visits.add_care_tag(households.wang, kind="disability", note="左手", by=people["lin"])
    both = picked(households.wang, households.sun, do="add", kind="disability")
    chen.post(url("tag_households"), both)
    assert standing() == {("101", "disability"), ("102", "disability")}
    page = page_of(chen)
    assert "已给 1 户加上标签" in page  # the other had it
    assert "撤销刚才的标签操作" in page
    chen.post(url("undo_tags"))
    assert standing() == {("101", "disability")}
    assert "撤销刚才的标签操作" not in page_of(chen)
    off = picked(households.wang, households.sun, do="remove", kind="disability")
    chen.post(url("tag_households"), off)
    assert standing() == set()
    chen.post(url("undo_tags"))
    assert CareTag.objects.get(removed_at=None).note == "左手"
    assert [e.act.removeprefix("households.") for e in Entry.objects.order_by("at", "seq")] == [
        "add_care_tag", "add_care_tags", "remove_care_tags", "remove_care_tags",
        "restore_care_tags",
    ]  # fmt: skip
    assert "disability" not in str([e.facts for e in Entry.objects.all()])


def test_all_that_the_search_finds_and_no_more_is_tagged(chen, places, households):
    for number in range(60):
        make_household(places.here, places.building, f"{200 + number}", "钱一")
    chen.post(
        url("tag_households"),
        {"everything": "1", "query": "q=钱一", "go": "1", "do": "add", "kind": "minor"},
    )
    assert CareTag.objects.count() == 60


def test_nobody_else_tags_by_the_dozen(client, people, households):
    for who in ("lou", "deng", "adi", "fang"):
        client.force_login(people[who])
        body = picked(households.wang, do="add", kind="minor")
        assert client.post(url("tag_households"), body).status_code in (302, 403), who
    assert CareTag.objects.count() == 0


# --- messages ---------------------------------------------------------------------------------


def test_who_is_reached_and_at_what_cost(people, households):
    Preference.objects.create(user=people["zhao"], channel="sms", on=False)
    whom = audience([households.wang, households.zhao, households.sun])
    assert [reader.name for reader in whom.readers] == ["王桂芳"]
    assert (whom.households, whom.unreached, whom.unwilling) == (3, 2, 1)
    assert [parts("字" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert whom.cost("字" * 71) == 2


def test_a_message_is_shown_held_back_and_sent_once(chen, people, households):
    both = {"picks": f"{households.wang.pk},{households.sun.pk}"}
    page = chen.post(url("message_households"), both).content.decode()
    assert "1 个人会收到" in page
    assert "1 户没有人收得到" in page
    assert "一共 1 条短信的费用" in page
    assert GroupMessage.objects.count() == 0
    body = both | {"go": "1", "template": "come_and_sign", "key": str(new_id())}
    answers = [chen.post(url("message_households"), body) for _ in range(2)]
    message = GroupMessage.objects.get()
    assert {a["Location"] for a in answers} == {url("group_message", message.pk)}
    assert (messaging.release_group_messages(), Sending.objects.count()) == (0, 0)
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert [messaging.release_group_messages() for _ in range(2)] == [1, 0]
        deliver_pending()
        deliver_pending()
        sent = Sending.objects.get()
        assert (sent.to_tail, sent.text) == ("0101", message.text)
        answer = chen.post(url("cancel_group_message", message.pk), follow=True)
    assert "不能再改" in answer.content.decode()


def test_within_the_minute_it_is_stopped(chen, people, households):
    body = picked(households.wang, template="read_plan", key=str(new_id()))
    answer = chen.post(url("message_households"), body)
    assert "现在可以撤回" in chen.get(answer["Location"]).content.decode()
    chen.post(answer["Location"] + "cancel/")
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert messaging.release_group_messages() == 0
    assert Sending.objects.count() == 0


def test_another_s_page_and_a_list_without_telephones_send_nothing(people, households):
    key = new_id()
    send = messaging.send_group_message
    send([households.wang], template="we_visit", key=key, by=people["chen"])
    with pytest.raises(Refused):
        send([households.wang], template="we_visit", key=key, by=people["lin"])
    with pytest.raises(Refused, match="没有能收短信的人"):
        send([households.sun], template="we_visit", key=new_id(), by=people["chen"])


# --- long lists -------------------------------------------------------------------------------


@pytest.fixture
def long_list(chen, people, households, monkeypatch):
    """With lists of more than one household counted as long."""
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    form = picked(
        households.wang, households.zhao, columns=["address", "holders", "phones"], reason="排班"
    )
    answer = chen.post(url("export_households"), form)
    export = Export.objects.get()
    assert answer["Location"] == url("export_detail", export.pk)
    return export


def test_a_long_list_is_written_by_a_worker_masked_and_fetched(chen, people, long_list):
    detail = url("export_detail", long_list.pk)
    assert "后台生成" in chen.get(detail).content.decode()
    early = chen.post(detail + "download/", follow=True)
    assert "还没有写好" in early.content.decode()
    assert FileReading.objects.filter(what="export").count() == 2
    assert [export_jobs.write_exports() for _ in range(2)] == [1, 0]
    assert "下载名单" in chen.get(detail).content.decode()
    answer = chen.post(detail + "download/")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert "用途：排班" in rows[0][0]
    assert rows[2] == ("曹杨一村3号101室", "王*芳", "138****0101")
    assert Entry.objects.filter(act="households.download_export").count() == 1
    for who in ("lin", "fang", "shen"):  # whoever did not ask for it
        chen.force_login(people[who])
        assert chen.post(detail + "download/").status_code == 404, who


def test_after_a_day_the_list_is_gone(chen, long_list):
    export_jobs.write_exports()
    key = Export.objects.get().file.key
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        with pytest.raises(Refused):
            export_jobs.download_export(Export.objects.get(), by=long_list.by)
        export_jobs.write_exports()
    export = Export.objects.get()
    assert (export.state, export.file) == ("expired", None)
    from django.core.files.storage import default_storage

    assert not default_storage.exists(key)


def test_whose_office_ended_meanwhile_gets_nothing(people, long_list):
    people["chen"].posting_set.update(until=timezone.localdate() - timedelta(days=1))
    export_jobs.write_exports()
    assert Export.objects.get().state == "failed"


def test_a_worker_that_died_is_followed_by_another(long_list):
    dead = export_jobs._claim()
    assert export_jobs.write_exports() == 0  # it may still be at it
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert export_jobs.write_exports() == 1
    export_jobs._finish(dead, None)  # the dead one wakes up: too late
    assert Export.objects.get().state == "done"


def test_short_lists_stay_direct(chen, households):
    form = picked(households.wang, columns=["address"], reason="排班")
    assert chen.post(url("export_households"), form).status_code == 200
    assert Export.objects.get().state == "direct"
    assert Household.objects.count() == 4
