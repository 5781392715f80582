"""A roster taken in: what is imported, what is refused, what is taken back, whatever dies meanwhile."""

import datetime as dt
import io
import json
import threading
from contextlib import suppress

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community.models import Building, Neighbourhood, WorkZone
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from caoyang_portal.uploads.intake import read
from households.actions import dwellings, roster, roster_jobs, roster_writing
from households.actions.files import read_file
from households.actions.snapshots import roll_hash, take_snapshot
from households.models import (
    CareTag,
    FileReading,
    Household,
    ImportBatch,
    ImportRow,
    Member,
    Residency,
    RosterSnapshot,
    SnapshotEntry,
)
from households.queries.roster_undo import undo_blockers
from households.queries.roster_uploads import annotated
from households.queries.search import find_households
from households.queries.timeline import events, timeline

from .roster_files import home, id_number, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def taken_in(content, places, by, name="名册.xlsx"):
    return roster.check_roster(content, name, neighbourhood=places.here, by=by)


def imported(content, places, by, *, only_good_rows=False):
    batch = taken_in(content, places, by)
    return roster.import_batch(batch, only_good_rows=only_good_rows, by=by)


def everything():
    """All that an import writes to, to be compared before and after."""
    return {
        model.__name__: sorted(
            json.dumps(row, default=str, sort_keys=True) for row in model.objects.values()
        )
        for model in (Household, Member, CareTag, Building, WorkZone)
    }


def counts(batch):
    return (batch.rows, batch.good_rows, batch.new, batch.changed, batch.same, batch.errors)


# --- who may ------------------------------------------------------------------------------------

STAFF = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    [
        "upload_roster",
        "check_roster",
        "choose_columns",
        "start_import",
        "import_batch",
        "undo_import",
        "discard_batch",
        "take_snapshot",
    ],
    STAFF,
)


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, places):
    subject = ImportBatch(neighbourhood=places.here)

    assert {who for who in people if may(people[who], f"households.{act}", subject)} == WHO_MAY[
        act
    ]


def test_the_machine_itself_may_take_a_roster_in_but_never_undo_one(places):
    subject = ImportBatch(neighbourhood=places.here)

    assert {act for act in WHO_MAY if may(None, f"households.{act}", subject)} == {
        "upload_roster",
        "check_roster",
        "import_batch",
        "take_snapshot",
    }


def test_the_next_neighbourhood_s_committee_takes_nothing_in_here(places, people):
    batch = taken_in(sheet_of(home("101")), places, people["chen"])
    before = everything()

    for act in (
        lambda: taken_in(sheet_of(home("101")), places, people["fang"]),
        lambda: roster.import_batch(batch, only_good_rows=False, by=people["fang"]),
        lambda: roster.discard_batch(batch, by=people["fang"]),
        lambda: roster.undo_import(batch, by=people["fang"]),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert everything() == before


# --- the dry run ----------------------------------------------------------------------------------


def test_a_dry_run_is_kept_and_changes_no_household(places, people):
    before = everything()
    batch = taken_in(
        sheet_of(home("501"), home("502", name=""), home("503", phone="")), places, people["chen"]
    )

    assert everything() == before
    assert counts(batch) == (3, 2, 2, 0, 0, 1)
    assert (batch.state, batch.warned, str(batch.living_area_total)) == ("checked", 1, "47.00")
    assert list(batch.importrow_set.order_by("sheet_row").values_list("sheet_row", "verdict")) == [
        (4, "new"),
        (5, "error"),
        (6, "new"),
    ]


def test_neither_the_kept_file_nor_the_rows_can_be_read_from_the_disk(places, people):
    content = sheet_of(home("501", name="王桂芳", phone="19900000501"))
    batch = taken_in(content, places, people["chen"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT values FROM households_importrow")
        stored = cursor.fetchone()[0]

    assert "王桂芳" not in stored
    assert "19900000501" not in stored
    assert b"PK" not in read(batch.file)[:4]
    assert annotated(batch)[:2] == b"PK"


def test_the_ledger_says_that_it_was_done_and_nobody_s_name(places, people):
    imported(sheet_of(home("501", name="王桂芳", phone="19900000501")), places, people["chen"])
    entries = Entry.objects.filter(chain__startswith="import:").order_by("seq")

    assert [(e.act, e.actor) for e in entries] == [
        ("households.check_roster", people["chen"]),
        ("households.import_batch", people["chen"]),
    ]
    assert not any("王桂芳" in e.payload or "0501" in e.payload for e in entries)


# --- the import -----------------------------------------------------------------------------------


def test_an_import_makes_zones_buildings_households_people_and_tags(places, people):
    content = sheet_of(
        home(
            "501",
            building="12幢",
            zone="第二工区",
            name="单雪梅",
            others="王强(子)、李梅",
            tags="独居老人、残疾（二级）",
            remark="承租人已故待变更",
        ),
    )
    imported(content, places, people["chen"])
    household = Household.objects.select_related("building__work_zone").get(room="501")

    assert (household.building.name, household.building.number) == ("12号楼", 12)
    assert (household.building.work_zone.name, household.building.work_zone.order) == (
        "第二工区",
        2,
    )
    assert (household.tenure, str(household.living_area), household.special, household.version) == (
        "public_tenant", "23.50", "inheritance", 1,
    )  # fmt: skip
    assert [
        (m.role, m.name, m.relation, m.phone, m.is_deceased)
        for m in household.members.order_by("order")
    ] == [
        ("holder", "单雪梅", "", "+8619900000501", True),
        ("co_resident", "王强", "子", "", False),
        ("co_resident", "李梅", "", "", False),
    ]
    assert sorted((t.kind, t.note, t.added_by) for t in household.care_tags.all()) == [
        ("disability", "二级", people["chen"]),
        ("living_alone", "", people["chen"]),
    ]
    for text in ("shanxuemei", "12-501", "0501", "liwang", "lm"):
        assert list(find_households(Household.objects.all(), text)) == (
            [] if text == "liwang" else [household]
        )


def test_the_same_file_twice_changes_nothing(places, people):
    content = sheet_of(home("501", others="王强", tags="低保", remark="空关"), home("502"))
    imported(content, places, people["chen"])
    before = everything()
    again = taken_in(content, places, people["lin"])

    assert counts(again) == (2, 2, 0, 0, 2, 0)
    with pytest.raises(Refused, match="完全一致"):
        roster.import_batch(again, only_good_rows=False, by=people["lin"])
    assert everything() == before


def test_what_changes_is_shown_old_and_new_before_it_is_done(places, people):
    imported(sheet_of(home("501"), home("502")), places, people["chen"])
    batch = taken_in(
        sheet_of(
            home(
                "501",
                living=24,
                phone="19900009999",
                others="王强",
                tags="低保",
                tenure="售后公房",
            ),
            home("502", phone="", certificate="", others="", remark=""),
        ),
        places,
        people["chen"],
    )
    row = batch.importrow_set.get(sheet_row=4)

    assert counts(batch) == (2, 2, 0, 1, 1, 0)  # a blank cell says nothing
    assert json.loads(row.changes) == {
        "tenure": ["public_tenant", "private_owner"],
        "living_area": ["23.50", "24.00"],
        "phone": [None, "199****9999"],
        "co_residents": [None, ["王强"]],
        "tags": [None, ["minimum_allowance"]],
    }
    roster.import_batch(batch, only_good_rows=False, by=people["chen"])
    household = Household.objects.get(room="501")
    assert (household.tenure, str(household.living_area), household.version) == (
        "private_owner", "24.00", 2,
    )  # fmt: skip
    told = events(list(timeline(household, ["file"])))
    assert [(e.title, e.who, e.words, e.changes[:2]) for e in told] == [
        (
            "名册导入",
            "陈静",
            "《名册.xlsx》第 4 行",
            (("房屋类型", "公房承租", "产权房"), ("居住面积", "23.5", "24")),
        ),
        ("名册导入", "陈静", "《名册.xlsx》第 4 行", ()),
    ]


def test_another_name_is_another_person_and_the_former_holder_stays_in_the_household(
    places, people
):
    imported(sheet_of(home("501", name="王桂芳", others="王强")), places, people["chen"])
    batch = taken_in(
        sheet_of(home("501", name="王强", id_number=id_number(7), phone="19900000007")),
        places,
        people["chen"],
    )
    row = batch.importrow_set.get()

    assert [w["problem"] for w in row.warnings] == ["holder_replaced"]
    roster.import_batch(batch, only_good_rows=False, by=people["chen"])
    assert sorted(
        Household.objects.get(room="501").members.values_list("role", "name", "left_at")
    ) == [("co_resident", "王桂芳", None), ("holder", "王强", None)]


def test_a_misspelt_name_with_the_same_id_number_is_corrected(places, people):
    imported(sheet_of(home("501", name="王桂方")), places, people["chen"])
    imported(sheet_of(home("501", name="王桂芳")), places, people["chen"])

    assert list(Household.objects.get(room="501").members.values_list("role", "name")) == [
        ("holder", "王桂芳")
    ]


def test_nobody_on_file_is_removed_by_a_roster_that_does_not_name_them(places, people):
    imported(sheet_of(home("501", others="王强、李梅", tags="低保")), places, people["chen"])
    batch = taken_in(sheet_of(home("501", others="王强", tags="")), places, people["chen"])

    assert counts(batch) == (1, 1, 0, 0, 1, 0)
    assert batch.importrow_set.get().warnings == [
        {
            "column": "共同居住人",
            "problem": "person_not_in_file",
            "message": "档案里另有 李梅，本次不会删除。",
        }
    ]


def test_a_file_without_door_or_part_finds_the_dwelling_and_asks_where_there_are_two(
    places, people
):
    imported(
        sheet_of(home("501"), home("502", door="曹杨一村3号"), home("502", door="曹杨一村5号")),
        places,
        people["chen"],
    )
    batch = taken_in(
        sheet_of(home("501", door="", living=30), home("502", door="")), places, people["chen"]
    )

    assert [
        (r.verdict, [e["problem"] for e in r.errors])
        for r in batch.importrow_set.order_by("sheet_row")
    ] == [("changed", []), ("error", ["ambiguous_dwelling"])]


def test_with_errors_only_the_good_rows_come_in_and_only_when_it_is_said(places, people):
    batch = taken_in(sheet_of(home("501"), home("502", name="")), places, people["chen"])

    with pytest.raises(Refused, match="有 1 行有错误"):
        roster.import_batch(batch, only_good_rows=False, by=people["chen"])
    roster.import_batch(batch, only_good_rows=True, by=people["chen"])
    assert list(Household.objects.filter(room__startswith="5").values_list("room", flat=True)) == [
        "501"
    ]


def test_a_file_that_changed_under_the_check_is_checked_again(places, people):
    batch = taken_in(sheet_of(home("101", living=30)), places, people["chen"])
    assert batch.changed == 1
    Household.objects.filter(room="101", neighbourhood=places.here).update(living_area="30.00")

    with pytest.raises(Refused, match="第 4 行的档案有变动，请重新核对"):
        roster.import_batch(batch, only_good_rows=False, by=people["chen"])
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_two_neighbourhoods_with_the_same_rooms_do_not_meet(places, people, households):
    batch = taken_in(
        sheet_of(home("101", building="1号楼", door="", name="王小明")), places, people["chen"]
    )

    assert counts(batch) == (1, 1, 1, 0, 0, 0)
    roster.import_batch(batch, only_good_rows=False, by=people["chen"])
    households.hu.refresh_from_db()
    assert (households.hu.members.get().name, households.hu.version) == ("胡杰", 1)


# --- their own file back --------------------------------------------------------------------------


def test_their_own_file_comes_back_with_the_reasons_in_a_red_column(places, people):
    batch = taken_in(
        sheet_of(home("501"), home("502", name="", living=-1)), places, people["chen"]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(annotated(batch)))["住户清册"]

    assert [sheet.cell(row, 20).value for row in (3, 4, 5)] == [
        "错误原因",
        None,
        "居住面积(㎡)：面积 -1 是负数，请按凭证改正。；承租人/产权人：没有姓名，请填写承租人或产权人。",
    ]
    assert sheet.cell(5, 20).font.color.rgb == "FFB00020"
    assert sheet["A1"].value == "曹杨一村旧住房成套改造住户清册"


def test_a_formula_in_a_cell_comes_back_as_text(places, people):
    attack = '=HYPERLINK("http://evil","点我")'
    content = sheet_of(home("501", tenure="'=1+1"), home("502", name=""))
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book["住户清册"]["F4"]
    cell.value, cell.data_type = attack, "s"
    out = io.BytesIO()
    book.save(out)
    batch = taken_in(out.getvalue(), places, people["chen"])
    sheet = openpyxl.load_workbook(io.BytesIO(annotated(batch)))["住户清册"]

    assert [(sheet["F4"].value, sheet["F4"].data_type), sheet["T4"].data_type] == [
        (attack, "s"),
        "s",
    ]
    assert attack[:10] in sheet["T4"].value


# --- undo -----------------------------------------------------------------------------------------


def test_an_import_is_taken_back_whole(places, people):
    imported(sheet_of(home("501", others="王强")), places, people["chen"])
    before = everything()
    batch = imported(
        sheet_of(
            home("501", name="李强", others="赵六", tags="低保", living=30, remark="空关"),
            home("601", building="77号楼", zone="第九工区", tags="孤老"),
        ),
        places,
        people["chen"],
    )
    read_file(Household.objects.get(room="601"), by=people["lin"])
    assert everything() != before

    roster.undo_import(batch, by=people["chen"])
    version = Household.objects.get(room="501").version
    assert version == 3  # whoever has the file open is told that it changed
    Household.objects.filter(room="501").update(version=1)
    after = everything()
    assert after == before
    entry = Entry.objects.get(act="households.undo_import")
    ((_household, reader, what, _at),) = entry.facts["readings"]
    assert (reader, what, FileReading.objects.count()) == (str(people["lin"].pk), "file", 0)


def test_undo_is_refused_when_somebody_has_worked_on_a_household_since(places, people):
    batch = imported(sheet_of(home("501"), home("502"), home("503")), places, people["chen"])
    edited, linked, _untouched = Household.objects.filter(room__startswith="50").order_by("room")
    Household.objects.filter(pk=edited.pk).update(version=2)
    Residency.objects.create(
        neighbourhood=places.here, household=linked, user=people["sun"], way="letter"
    )
    before = everything()

    assert [(b.household, b.reason) for b in undo_blockers(batch)] == [
        (edited, "档案已修改"),
        (linked, "已有后续材料"),
    ]
    with pytest.raises(Refused, match="有 2 户不能撤销：3号楼501室（档案已修改）；3号楼502室"):
        roster.undo_import(batch, by=people["chen"])
    assert everything() == before


def test_undo_is_refused_after_a_care_tag_or_a_later_import(places, people):
    first = imported(sheet_of(home("501")), places, people["chen"])
    tagged = Household.objects.get(room="501")
    tag = CareTag.objects.create(neighbourhood=places.here, household=tagged, kind="minor")
    assert [b.household for b in undo_blockers(first)] == [tagged]
    tag.delete()
    assert undo_blockers(first) == []

    imported(sheet_of(home("501", living=31)), places, people["chen"])
    assert [b.household for b in undo_blockers(first)] == [tagged]


def test_undo_ends_after_a_day(places, people):
    batch = imported(sheet_of(home("501")), places, people["chen"])

    late = timezone.now() + dt.timedelta(hours=24, seconds=1)
    with time_machine.travel(late, tick=False), pytest.raises(Refused, match="超过 24 小时"):
        roster.undo_import(batch, by=people["chen"])
    assert Household.objects.filter(room="501").exists()
    with time_machine.travel(timezone.now() + dt.timedelta(hours=23, minutes=59), tick=False):
        roster.undo_import(batch, by=people["chen"])
    assert not Household.objects.filter(room="501").exists()


def test_what_was_taken_back_can_be_imported_again(places, people):
    content = sheet_of(home("501"))
    roster.undo_import(imported(content, places, people["chen"]), by=people["chen"])
    imported(content, places, people["chen"])

    assert Household.objects.filter(room="501").count() == 1


# --- the worker -----------------------------------------------------------------------------------


def mapped(content, places, by):
    batch = roster.upload_roster(content, "名册.xlsx", neighbourhood=places.here, by=by)
    return roster.choose_columns(
        batch,
        sheet=batch.sheet,
        heading_row=batch.heading_row,
        mapping={int(column): of for column, of in batch.mapping.items()},
        by=by,
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_checks_and_imports_what_was_asked_for(places, people):
    batch = mapped(sheet_of(home("501"), home("502", name="")), places, people["chen"])
    assert (batch.state, roster_jobs.work_on_rosters()) == ("reading", 1)
    batch.refresh_from_db()
    assert (batch.state, counts(batch)) == ("checked", (2, 1, 1, 0, 0, 1))

    roster.start_import(batch, only_good_rows=True, by=people["chen"])
    assert roster_jobs.work_on_rosters() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.imported_by) == ("imported", 1, people["chen"])
    assert roster_jobs.work_on_rosters() == 0
    entries = Entry.objects.filter(chain=batch.ledger_chain).order_by("seq")
    assert list(entries.values_list("act", "actor")) == [
        ("households.upload_roster", people["chen"].pk),
        ("households.choose_columns", people["chen"].pk),
        ("households.finish_check", None),
        ("households.start_import", people["chen"].pk),
        ("households.finish_import", None),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_finishes(
    places, people, monkeypatch
):
    batch = mapped(sheet_of(*(home(str(n)) for n in range(101, 131))), places, people["chen"])
    roster_jobs.work_on_rosters()
    batch.refresh_from_db()
    roster.start_import(batch, only_good_rows=False, by=people["chen"])
    before = everything()
    monkeypatch.setattr(roster_writing, "CHUNK", 10)
    write = dwellings.Writer.write
    seen = []

    def killed_at_the_third_chunk(writer, rows):
        if len(seen) == 2:
            seen.append(ImportBatch.objects.get(pk=batch.pk).done)
            raise SystemExit(137)
        seen.append(len(rows))
        write(writer, rows)

    monkeypatch.setattr(dwellings.Writer, "write", killed_at_the_third_chunk)
    with pytest.raises(SystemExit):
        roster_jobs.work_on_rosters()

    assert seen == [10, 10, 20]  # the progress was to be seen from outside
    assert everything() == before
    assert roster_jobs.work_on_rosters() == 0  # still the dead worker's, for a minute
    ImportBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() - dt.timedelta(1))
    monkeypatch.setattr(dwellings.Writer, "write", write)
    assert roster_jobs.work_on_rosters() == 1
    batch.refresh_from_db()
    # 101 and 102 of building 3 are on file already.
    assert (batch.state, batch.new, batch.changed) == ("imported", 28, 2)
    assert Household.objects.filter(building=places.building).count() == 30


@pytest.mark.django_db(transaction=True)
def test_a_file_that_keeps_killing_its_worker_is_given_up(places, people, monkeypatch):
    batch = mapped(sheet_of(home("501")), places, people["chen"])

    def killed(*_args, **_told):
        raise SystemExit(137)

    monkeypatch.setattr(roster_jobs, "finish_check", killed)
    for _time in range(3):
        with suppress(SystemExit):
            roster_jobs.work_on_rosters()
        ImportBatch.objects.update(lease_until=None)
    roster_jobs.work_on_rosters()
    batch.refresh_from_db()

    assert (batch.state, batch.problem) == ("failed", "试了几次都没有完成，请联系管理员。")


@pytest.mark.django_db(transaction=True)
def test_an_import_that_no_longer_fits_goes_back_to_its_page_with_the_reason(places, people):
    batch = mapped(sheet_of(home("101", living=30)), places, people["chen"])
    roster_jobs.work_on_rosters()
    batch.refresh_from_db()
    roster.start_import(batch, only_good_rows=False, by=people["chen"])
    Household.objects.filter(room="101", neighbourhood=places.here).update(living_area="30.00")
    roster_jobs.work_on_rosters()
    batch.refresh_from_db()

    assert (batch.state, batch.problem) == (
        "checked",
        "核对以后，第 4 行的档案有变动，请重新核对。",
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_staff_importing_at_once_the_second_waits_and_is_told(places, people, monkeypatch):
    content = sheet_of(home("501"))
    mine, hers = (taken_in(content, places, people[who]) for who in ("chen", "lin"))
    both_read = threading.Barrier(2)
    plan = roster_writing._write
    outcomes = []

    def meet(batch, told):
        # Without the lock both arrive here before either has written.
        with suppress(threading.BrokenBarrierError):
            both_read.wait(timeout=1.5)
        plan(batch, told)

    monkeypatch.setattr(roster_writing, "_write", meet)

    def go(batch, who):
        try:
            roster.import_batch(batch, only_good_rows=False, by=people[who])
            outcomes.append("imported")
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in ((mine, "chen"), (hers, "lin"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(outcomes) == sorted(["imported", "核对以后，第 4 行的档案有变动，请重新核对。"])
    assert Household.objects.filter(room="501").count() == 1


def test_columns_can_be_corrected_before_and_after_the_check(places, people):
    batch = roster.upload_roster(
        sheet_of(home("501")), "名册.xlsx", neighbourhood=places.here, by=people["chen"]
    )
    mapping = {int(column): of for column, of in batch.mapping.items()}
    ask = {"sheet": batch.sheet, "heading_row": 3, "by": people["chen"]}

    with pytest.raises(Refused, match="请指出哪一列是幢号、房屋类型"):
        roster.choose_columns(batch, mapping={5: "room", 7: "name"}, **ask)
    with pytest.raises(Refused, match="有两列选了同一项"):
        roster.choose_columns(batch, mapping=mapping | {1: "room"}, **ask)
    mapping[11], mapping[12] = mapping[12], mapping[11]
    roster.choose_columns(batch, mapping=mapping, **ask)
    roster.finish_check(batch)
    batch.refresh_from_db()
    assert str(batch.living_area_total) == "35.20"
    roster.choose_columns(batch, mapping=mapping | {11: "living_area", 12: "floor_area"}, **ask)
    roster.finish_check(batch)
    batch.refresh_from_db()
    assert (str(batch.living_area_total), ImportRow.objects.count()) == ("23.50", 1)


def test_a_roster_given_up_keeps_no_rows(places, people):
    batch = taken_in(sheet_of(home("501")), places, people["chen"])
    roster.discard_batch(batch, by=people["chen"])
    batch.refresh_from_db()

    assert (batch.state, ImportRow.objects.count()) == ("discarded", 0)
    with pytest.raises(Refused):
        roster.import_batch(batch, only_good_rows=True, by=people["chen"])


# --- the snapshot ---------------------------------------------------------------------------------


def test_a_snapshot_counts_everyone_as_they_stand_and_does_not_move(places, people, households):
    today = timezone.localdate()
    snapshot = take_snapshot(places.here, today, by=people["chen"])
    entries = snapshot.entries.order_by("household__room")

    assert (snapshot.total, snapshot.roll_hash) == (3, roll_hash(entries))
    assert sorted(
        (
            e.household_id,
            e.building_id,
            e.work_zone_id,
            e.tenure,
            str(e.living_area),
            e.certificate_number,
        )
        for e in entries
    ) == sorted(
        (h.pk, h.building_id, places.zone.pk, h.tenure, "20.50", h.certificate_number)
        for h in (households.wang, households.zhao, households.sun)
    )
    imported(sheet_of(home("901"), home("101", tenure="售后公房")), places, people["chen"])
    assert (snapshot.entries.count(), roll_hash(snapshot.entries.all())) == (3, snapshot.roll_hash)


def test_a_snapshot_is_refused_for_a_day_to_come_or_an_empty_roster(places, people):
    empty = Neighbourhood.objects.create(sub_district=places.street, name="新村", code="new")
    with pytest.raises(Refused, match="名册里还没有住户"):
        take_snapshot(empty, timezone.localdate(), by=None)
    with pytest.raises(Refused, match="基准日还没有到"):
        take_snapshot(places.here, timezone.localdate() + dt.timedelta(1), by=people["chen"])
    with pytest.raises(PermissionDenied):
        take_snapshot(places.here, timezone.localdate(), by=people["fang"])
    assert (RosterSnapshot.objects.count(), SnapshotEntry.objects.count()) == (0, 0)


def test_the_same_roster_gives_the_same_hash_and_one_changed_tenure_another(
    places, people, households
):
    def taken():
        with transaction.atomic():
            return take_snapshot(places.here, timezone.localdate(), by=people["chen"]).roll_hash

    first, second = taken(), taken()
    Household.objects.filter(pk=households.wang.pk).update(tenure="private_owner")
    assert first == second != taken()
