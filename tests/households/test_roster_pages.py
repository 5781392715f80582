"""The pages of an import, from the file to the result, with and without JavaScript."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from households.actions import roster, roster_jobs
from households.models import Household, ImportBatch, Project
from households.queries.roster_file.headings import FIELDS, REQUIRED

from .roster_files import home, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def desk(client, people):
    """Chen of the committee, signed in."""
    client.force_login(people["chen"])
    return client


def file_of(content, name="名册.xlsx"):
    return SimpleUploadedFile(name, content)


def page_of(name, *args):
    return reverse(f"households:{name}", args=args)


def taken_in(*rows, places, by):
    return roster.check_roster(sheet_of(*rows), "名册.xlsx", neighbourhood=places.here, by=by)


@pytest.mark.django_db(transaction=True)
def test_chen_takes_a_roster_in_from_the_file_to_the_undo(desk, places):
    sent = desk.post(
        page_of("import_list"),
        {
            "file": file_of(sheet_of(home("501"), home("502", phone="12"))),
            "neighbourhood": places.here.pk,
        },
    )
    batch = ImportBatch.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, page_of("choose_columns", batch.pk))

    page = desk.get(sent["Location"])
    chosen = {field.html_name: field.value() for field in page.context["form"] if field.value()}
    assert chosen["column_7"] == "name"
    sent = desk.post(page_of("choose_columns", batch.pk), chosen)
    assert sent["Location"] == page_of("import_detail", batch.pk)

    waiting = desk.get(sent["Location"])
    assert "正在核对" in waiting.text
    assert '<meta http-equiv="refresh"' in waiting.text
    roster_jobs.work_on_rosters()
    result = desk.get(sent["Location"])
    assert "只导入正确的 1 行" in result.text
    assert "“12”不是完整号码，请核对后重填。" in result.text

    refused = desk.post(page_of("start_import", batch.pk), {"rows": "all"})
    assert (refused.status_code, refused.context["refusal"]) == (
        422,
        "有 1 行有错误，请改好再传，或只导入正确的行。",
    )
    desk.post(page_of("start_import", batch.pk), {"rows": "good"})
    assert "正在导入" in desk.get(page_of("import_detail", batch.pk)).text
    roster_jobs.work_on_rosters()
    assert "导入完成" in desk.get(page_of("import_detail", batch.pk)).text
    assert Household.objects.filter(room="501").exists()

    desk.post(page_of("undo_import", batch.pk))
    assert not Household.objects.filter(room="501").exists()
    assert "已撤销" in desk.get(page_of("import_detail", batch.pk)).text


def test_every_page_of_an_import_is_the_committee_s_own(client, people, places):
    batch = taken_in(home("501"), places=places, by=people["chen"])
    gets = ["import_detail", "choose_columns", "import_errors"]
    posts = ["choose_columns", "start_import", "undo_import", "discard_batch"]
    for who in ("wang", "lou", "deng", "gu", "shen", "root", "fang"):
        client.force_login(people[who])
        answers = {client.get(page_of(name, batch.pk)).status_code for name in gets}
        answers |= {client.post(page_of(name, batch.pk)).status_code for name in posts}
        assert (who, answers) == (who, {404})
        listed = client.get(page_of("import_list"))
        assert listed.status_code == (200 if who == "fang" else 403)
    assert batch.file_name not in listed.text
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_fang_cannot_name_our_neighbourhood_in_her_upload(client, people, places):
    client.force_login(people["fang"])
    sent = client.post(
        page_of("import_list"),
        {"file": file_of(sheet_of(home("501"))), "neighbourhood": places.here.pk},
    )

    assert (sent.status_code, ImportBatch.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2", "请上传 Excel 文件"),
        (b"", ""),
        (sheet_of(["只有", "说明"], headings=["没有", "表头"]), "没有找到表头"),
    ],
)
def test_what_is_no_roster_comes_back_with_a_sentence(desk, places, content, sentence):
    sent = desk.post(
        page_of("import_list"), {"file": file_of(content), "neighbourhood": places.here.pk}
    )

    assert (sent.status_code, ImportBatch.objects.count()) == (422, 0)
    assert sentence in sent.text


def test_reasons_stand_in_the_cell_they_are_about(desk, people, places, households):
    batch = taken_in(
        home("101", building="3号楼", living=30, tags="低保、爱猫"),
        home("502", living=-1, resident="几个"),
        places=places,
        by=people["chen"],
    )
    changed, wrong = desk.get(page_of("import_detail", batch.pk)).context["lines"]
    cells = {cell.label: cell for cell in [*changed.cells, *changed.rest]}

    assert (cells["居住面积"].old, cells["居住面积"].text) == ("20.5", "30")
    assert (cells["特殊情况"].text, cells["特殊情况"].warnings) == (
        "低保",
        ["“爱猫”认不出，没有导入。"],
    )
    cells = {cell.label: cell for cell in [*wrong.cells, *wrong.rest]}
    assert cells["居住面积"].errors == ["面积 -1 是负数，请按凭证改正。"]
    assert cells["实住人数"].errors == ["“几个”不是人数，请填整数。"]
    assert cells["证件号码"].text.startswith("310****")


def test_chips_show_their_rows_and_an_unknown_word_shows_all(desk, people, places):
    batch = taken_in(
        home("501"), home("502", phone=""), home("503", name=""), places=places, by=people["chen"]
    )

    def rows(show):
        page = desk.get(page_of("import_detail", batch.pk), {"show": show, "page": "1e9"})
        return [line.row.sheet_row for line in page.context["lines"]]

    assert {show: rows(show) for show in ("", "error", "warning", "new", "same", "x'; --")} == {
        "": [4, 5, 6],
        "error": [6],
        "warning": [5],
        "new": [4, 5],
        "same": [],
        "x'; --": [4, 5, 6],
    }


def test_names_from_the_file_are_inert_on_the_page(desk, people, places):
    batch = taken_in(
        home("501", name="<script>alert(1)</script>", remark="<img src=x onerror=alert(1)>"),
        places=places,
        by=people["chen"],
    )
    text = desk.get(page_of("import_detail", batch.pk)).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;" in text


def test_the_page_of_a_listed_project_reminds_that_tenancies_may_not_be_split(
    desk, people, places
):
    batch = taken_in(home("501"), places=places, by=people["chen"])
    reminder = "已列入计划，不能分列租赁户名"
    assert reminder not in desk.get(page_of("import_detail", batch.pk)).text
    Project.objects.create(
        neighbourhood=places.here, name="曹杨一村成套改造", code="cy1", stage="survey"
    )
    assert reminder in desk.get(page_of("import_detail", batch.pk)).text


def test_the_headings_of_another_row_can_be_asked_for(desk, people, places):
    batch = roster.upload_roster(
        sheet_of(home("501")), "名册.xlsx", neighbourhood=places.here, by=people["chen"]
    )
    page = desk.get(page_of("choose_columns", batch.pk), {"sheet": "住户清册", "row": 4})
    assert [field.label for _column, field, _samples in page.context["columns"]][1:3] == [
        "第一工区",
        "3号楼",
    ]
    wrong = desk.post(
        page_of("choose_columns", batch.pk), {"sheet": "住户清册", "row": 3, "column_5": "room"}
    )
    assert wrong.status_code == 422
    assert "请指出哪一列是幢号、房屋类型、承租人/产权人。" in wrong.text


def test_their_file_downloads_under_its_own_name(desk, people, places):
    batch = taken_in(home("501", name=""), places=places, by=people["chen"])
    answer = desk.get(page_of("import_errors", batch.pk))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    assert "filename*=utf-8''%E5%90%8D%E5%86%8C" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert book["住户清册"].cell(3, 20).value == "错误原因"


def test_the_template_s_own_headings_are_all_understood(desk, places):
    book = openpyxl.load_workbook(io.BytesIO(desk.get(page_of("import_template")).content))
    sheet = book["住户清册"]
    sheet.append([])
    values = {"幢号": "3号楼", "室号": "501", "房屋类型": "公房", "承租人/产权人": "王桂芳"}
    for cell in sheet[1]:
        sheet.cell(2, cell.column).value = values.get(cell.value)
    out = io.BytesIO()
    book.save(out)
    batch = roster.check_roster(out.getvalue(), "模板.xlsx", neighbourhood=places.here, by=None)

    assert list(batch.mapping.values()) == list(FIELDS)
    assert (batch.rows, batch.errors, len(REQUIRED)) == (1, 0, 4)
    assert len(sheet.data_validations.dataValidation) == 14


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_three_rows_as_for_one(
    desk, people, places, count, django_assert_num_queries
):
    batch = taken_in(
        *(home(str(501 + n), phone="") for n in range(count)), places=places, by=people["chen"]
    )
    for _other in range(count - 1):
        taken_in(home("601"), places=places, by=people["chen"])
    desk.get(page_of("import_list"))
    with django_assert_num_queries(8):
        desk.get(page_of("import_detail", batch.pk))
    with django_assert_num_queries(6):
        desk.get(page_of("import_list"))


def test_the_undo_page_asks_as_often_for_three_households_as_for_one(desk, people, places):
    asked = []
    desk.get(page_of("import_list"))
    for rooms in (["501"], ["601", "602", "603"]):
        batch = taken_in(*(home(room) for room in rooms), places=places, by=people["chen"])
        roster.import_batch(batch, only_good_rows=False, by=people["chen"])
        with CaptureQueriesContext(connection) as seen:
            desk.get(page_of("import_detail", batch.pk))
        asked.append(len(seen))

    assert asked[0] == asked[1]


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, capsys):
    def run(content, *options):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content)
        capsys.readouterr()
        call_command(
            "import_roster", str(path), "--neighbourhood", "caoyang-one", "--json", *options
        )
        return json.loads(capsys.readouterr().out)

    return run


def test_the_command_answers_in_json_and_imports_the_rest(run, places, people):
    content = sheet_of(home("501"), home("502", living="约二十"), home("503", phone=""))
    expected = {
        "rows": 3,
        "good_rows": 2,
        "new": 2,
        "changed": 0,
        "same": 0,
        "errors": [
            {
                "sheet_row": 5,
                "column": "居住面积(㎡)",
                "problem": "area_not_a_number",
                "message": "“约二十”不是数字，请按凭证填面积。",
            }
        ],
        "warnings": [
            {
                "sheet_row": 6,
                "column": "联系电话",
                "problem": "missing_phone",
                "message": "没有电话，收不到短信，请尽量补上。",
            }
        ],
        "living_area_total_of_good_rows": 47.0,
        "imported": False,
    }

    assert run(content, "--dry-run") == expected
    assert not Household.objects.filter(room="501").exists()
    with pytest.raises(SystemExit) as stopped:
        run(content, "--all-or-nothing")
    assert stopped.value.code == 1
    assert not Household.objects.filter(room="501").exists()
    assert run(content, "--by", "13800000301") == expected | {"imported": True}
    assert ImportBatch.objects.get(state="imported").imported_by == people["chen"]
    again = run(content)
    assert (again["same"], again["new"], again["imported"]) == (2, 0, False)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["missing.xlsx", "--neighbourhood", "caoyang-one"], "打不开"),
        (["missing.xlsx", "--neighbourhood", "nowhere"], "没有代码为"),
        (
            ["missing.xlsx", "--neighbourhood", "caoyang-one", "--by", "13900000000"],
            "没有这个手机号",
        ),
    ],
)
def test_the_command_says_what_is_wrong_with_its_arguments(places, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("import_roster", *options)


def test_an_import_that_hangs_is_not_undone_by_its_page(desk, people, places):
    """A batch that is being imported shows its progress, whatever is posted meanwhile."""
    batch = taken_in(home("501"), places=places, by=people["chen"])
    roster.start_import(batch, only_good_rows=False, by=people["chen"])
    ImportBatch.objects.update(lease_until=timezone.now() + dt.timedelta(minutes=1))

    for act in ("undo_import", "discard_batch", "start_import"):
        assert desk.post(page_of(act, batch.pk)).status_code == 422
    assert ImportBatch.objects.get().state == "importing"
