"""The pages of household files: who reaches them, what they show, how many questions they ask."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from caoyang_portal.ledger.models import Entry
from households.actions import letters, visits
from households.models import (
    CareTag,
    Contact,
    CorrectionRequest,
    FileReading,
    Household,
    LetterCode,
    Member,
    Residency,
    SavedFilter,
    Visit,
)
from tests.conftest import EVERYONE, make_household
from tests.households.builders import frozen_agreement

LIST = "/households/"


def url(name, *args):
    return reverse(f"households:{name}", args=args)


def get(client, people, who, address, **more):
    client.logout()
    if who != "passerby":
        client.force_login(people[who])
    return client.get(address, **more)


def test_who_reaches_the_list(client, people, households):
    statuses = {who: get(client, people, who, LIST).status_code for who in EVERYONE}
    assert statuses == {
        "passerby": 302,
        "wang": 403, "zhao": 403, "sun": 403, "root": 403, "hu": 403,
        "lou": 200, "chen": 200, "lin": 200, "deng": 200, "fang": 200,
        "gu": 200, "shen": 200, "adi": 200, "mei": 200,  # a page that says that their post reads no files
    }  # fmt: skip


def test_who_opens_the_file(client, people, household):
    statuses = {
        who: get(client, people, who, url("household_detail", household.pk)).status_code
        for who in EVERYONE
    }
    assert statuses == {
        "passerby": 302,
        "wang": 403,  # the household's own page is /home/file/
        "zhao": 404, "sun": 404, "root": 404, "hu": 404, "fang": 404,
        "gu": 404, "shen": 404, "adi": 404, "mei": 404,
        "lou": 200, "chen": 200, "lin": 200, "deng": 200,
    }  # fmt: skip


def test_each_office_sees_its_own_columns_and_no_more(client, people, households):
    chen = get(client, people, "chen", LIST).content.decode()
    assert "王*芳" in chen
    assert "王桂芳" not in chen
    lou = get(client, people, "lou", LIST).content.decode()
    assert "王*芳" in lou
    assert "9号202" not in lou  # another building
    assert "关爱标签" not in lou
    deng = get(client, people, "deng", LIST).content.decode()
    assert "20.50" in deng
    assert "王*芳" not in deng
    mei = get(client, people, "mei", LIST).content.decode()
    assert "您的岗位不看居民档案" in mei  # a mediator sees the case, not the neighbourhood
    assert "3号101" not in mei


def test_a_designer_cannot_ask_for_a_name_by_searching(client, people, households):
    for words in ("q=王桂芳", "q=wgf", "q=0101", "stage=none", "silent=7", "care=living_alone"):
        html = get(client, people, "deng", f"{LIST}?{words}").content.decode()
        count = re.search(r'results-count" role="status">(\d+)', html)[1]
        # by name: an address that contains the word, here none; by a hidden part: no filter at all
        assert count == ("0" if words.startswith("q=") else "3"), words


def counted(client, people, words, who="chen"):
    html = get(client, people, who, f"{LIST}?{words}").content.decode()
    return int(re.search(r'results-count" role="status">(\d+)', html)[1])


def test_filters_find_what_they_say(client, people, households, project, places):
    agreement = frozen_agreement(project, households.wang, people["chen"], state="signing")
    visits.add_visit(
        households.zhao, way=Visit.Way.PHONE, outcome=Visit.Outcome.MET, by=people["chen"]
    )
    visits.add_care_tag(households.sun, kind=CareTag.Kind.LIVING_ALONE, by=people["chen"])
    Household.objects.filter(pk=households.sun.pk).update(
        responsible=people["chen"], special="unreachable"
    )
    found = {
        words: counted(client, people, words)
        for words in (
            "", "q=9-202", "q=0202", f"building={places.building.pk}", f"zone={places.zone.pk}",
            "tenure=private_owner", "stage=signing", "stage=none", "silent=7", "contacted=1",
            "missing=1", "care=living_alone", "responsible=me", "responsible=nobody",
            "special=any", "objection=1", "q=9-202&tenure=private_owner",
        )
    }  # fmt: skip
    assert list(found.values()) == [3, 1, 1, 2, 3, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1, 0, 0]
    type(agreement).objects.filter(pk=agreement.pk).update(
        state="declined", closing_reason="再想想"
    )
    assert counted(client, people, "objection=1") == 1
    assert counted(client, people, "care=living_alone", who="lou") == 2  # not asked at all


def test_made_up_words_in_the_address_do_nothing(client, people, households):
    for words in (
        "ordering=members__id_number", "sort=members__phone", "sort=-area,stage,next,contact",
        "owner__id_no__startswith=3", "q=%27%29%3B+--", "q=" + "王" * 10_000, "page=1e9",
        "page=99999999", "per=100000", "building=1", "zone=%00", "responsible=xyz", "q=%00",
        "tenure=%27", "cols=phone", "silent=-1",
    ):  # fmt: skip
        assert get(client, people, "chen", f"{LIST}?{words}").status_code == 200, words


def test_the_list_asks_as_often_for_three_households_as_for_one(
    client, people, places, households
):
    def asked(words=""):
        get(client, people, "chen", LIST)  # the session's first page does more
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{LIST}?{words}")
        return len(queries)

    SavedFilter.objects.create(
        neighbourhood=places.here, owner=people["chen"], name="甲", query="q=3"
    )
    with_three = asked()
    with_one = asked("q=9-202")
    for name in "乙丙":
        SavedFilter.objects.create(
            neighbourhood=places.here, owner=people["chen"], name=name, query="silent=7"
        )
    make_household(places.here, places.building, "401", "钱一")
    assert (with_one, asked()) == (with_three, with_three)


def test_the_file_asks_as_often_for_three_of_everything_as_for_one(
    client, people, household, project
):
    def add(n):
        Member.objects.create(
            neighbourhood=household.neighbourhood,
            household=household,
            role="co_owner",
            name=f"共有人{n}",
        )
        visits.add_visit(
            household, way=Visit.Way.DOOR, outcome=Visit.Outcome.MET, by=people["chen"]
        )
        visits.add_contact(household, name=f"联系人{n}", phone="123", by=people["lin"])
        FileReading.objects.create(
            neighbourhood=household.neighbourhood,
            household=household,
            reader=people["lou"],
            what="phone",
        )
        CorrectionRequest.objects.create(
            neighbourhood=household.neighbourhood,
            household=household,
            asked_by=people["wang"],
            text="x",
        )
        Residency.objects.create(
            neighbourhood=household.neighbourhood,
            household=household,
            user=people[n],
            way="letter",
        )
        letters.issue_letters([household], by=people["chen"])

    def asked():
        address = url("household_detail", household.pk)
        get(client, people, "chen", address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    frozen_agreement(project, household, people["chen"])
    add("sun")
    with_one = asked()
    add("zhao")
    add("hu")
    assert asked() == with_one


def test_opening_the_file_is_noted_and_the_household_sees_it(client, people, household):
    get(client, people, "chen", url("household_detail", household.pk))
    html = get(client, people, "wang", url("my_file")).content.decode()
    assert "陈静（居委干部）" in html
    assert "您本人" in html
    assert "13800000101" in html  # one's own number whole


def test_the_household_sees_the_others_masked(client, people, household):
    Member.objects.create(
        neighbourhood=household.neighbourhood,
        household=household,
        role="co_owner",
        name="王小明",
        phone="+8613911112222",
    )
    html = get(client, people, "wang", url("my_file")).content.decode()
    assert "王*明" in html
    assert "王小明" not in html
    assert "13911112222" not in html


def test_unmasking_shows_the_number_on_that_answer_only(client, people, household):
    wang = household.members.get()
    address = url("unmask_phone", household.pk, wang.pk)
    client.force_login(people["chen"])
    assert "13800000101" not in client.get(address).content.decode()
    refused = client.post(address, {"reason": ""})
    assert (refused.status_code, FileReading.objects.filter(what="phone").count()) == (422, 0)
    assert "13800000101" in client.post(address, {"reason": "约时间"}).content.decode()
    assert "13800000101" not in client.get(address).content.decode()
    assert "13800000101" not in client.get(url("household_detail", household.pk)).content.decode()
    client.force_login(people["deng"])
    assert client.post(address, {"reason": "看"}).status_code == 403
    client.force_login(people["fang"])
    assert client.post(address, {"reason": "看"}).status_code == 404


def fields_of(household, **changed):
    form = {
        "version": household.version,
        "tenure": household.tenure,
        "living_area": household.living_area,
        "certificate_number": household.certificate_number,
        "floor": household.floor,
        "has_balcony": "unknown",
        "has_gas_meter": "unknown",
        "has_loft": "unknown",
    }
    return {k: v for k, v in (form | changed).items() if v is not None}


def test_a_stale_edit_comes_back_with_both_values(client, people, household):
    address = url("edit_household", household.pk)
    client.force_login(people["chen"])
    assert client.post(address, fields_of(household, living_area="21.00")).status_code == 302
    client.force_login(people["lin"])
    conflict = client.post(address, fields_of(household, living_area="23.50"))
    html = conflict.content.decode()
    assert conflict.status_code == 409
    assert "<td>21.00</td><td>23.50</td>" in html
    household.refresh_from_db()
    assert str(household.living_area) == "21.00"
    again = client.post(
        address, fields_of(household, living_area="23.50", version=household.version)
    )
    household.refresh_from_db()
    assert (again.status_code, str(household.living_area)) == (302, "23.50")


def test_an_edit_in_place_answers_with_the_fact_and_without_htmx_with_the_page(
    client, people, household
):
    address = url("edit_fact", household.pk, "living_area")
    client.force_login(people["chen"])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'name="living_area"' in part
    done = client.post(
        address, {"living_area": "22.00", "version": 1}, headers={"HX-Request": "true"}
    )
    assert "22.00" in done.content.decode()
    stale = client.post(
        address, {"living_area": "25.00", "version": 1}, headers={"HX-Request": "true"}
    )
    assert stale.status_code == 409
    assert "<html" in client.get(address).content.decode()
    assert client.post(address, {"living_area": "-3", "version": 2}).status_code == 422
    assert client.get(url("edit_fact", household.pk, "version")).status_code == 404


def test_fields_that_are_not_asked_for_are_not_taken(client, people, household, places):
    client.force_login(people["chen"])
    client.post(
        url("edit_household", household.pk),
        fields_of(household, neighbourhood=places.there.pk, room="999", search_text="x", id="1"),
    )
    household.refresh_from_db()
    assert (household.neighbourhood, household.room) == (places.here, "101")


def test_a_visit_is_noted_from_the_file_s_page(client, people, household):
    client.force_login(people["lou"])
    answer = client.post(
        url("add_visit", household.pk),
        {"way": "door", "outcome": "met", "text": "<script>alert(1)</script>"},
        headers={"HX-Request": "true"},
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html
    assert Visit.objects.get().text == "<script>alert(1)</script>"


def pick(client, name, **form):
    return client.post(url(name), form)


def test_a_selection_is_handed_over_after_a_page_that_says_what_it_means(
    client, people, households
):
    client.force_login(people["chen"])
    ticked = [str(households.wang.pk), str(households.sun.pk)]
    page = pick(client, "assign_responsible", pick=ticked, query="q=3")
    assert "选了 2 户" in page.content.decode()
    done = pick(
        client,
        "assign_responsible",
        picks=",".join(ticked),
        query="q=3",
        go="1",
        responsible=str(people["lin"].pk),
    )
    assert (done.status_code, done.url) == (302, "/households/?q=3")
    assert Household.objects.filter(responsible=people["lin"]).count() == 2


def test_a_selection_of_everything_is_the_search_and_no_more(client, people, households):
    client.force_login(people["chen"])
    pick(
        client,
        "plan_contact",
        everything="1",
        query="tenure=private_owner",
        go="1",
        on="2099-01-01",
    )
    assert list(Household.objects.exclude(next_contact_on=None).values_list("pk", flat=True)) == [
        households.sun.pk
    ]


def test_another_neighbourhood_s_household_in_a_selection_is_refused(client, people, households):
    client.force_login(people["chen"])
    both = f"{households.wang.pk},{households.hu.pk}"
    for name in ("assign_responsible", "plan_contact", "issue_letters", "export_households"):
        assert pick(client, name, picks=both, go="1").status_code == 302
    assert LetterCode.objects.count() == FileReading.objects.count() == 0
    assert Entry.objects.count() == 0


def test_an_export_is_masked_watermarked_text_and_logged(client, people, households):
    Member.objects.filter(household=households.wang).update(name='=HYPERLINK("http://e")')
    client.force_login(people["chen"])
    form = {
        "picks": f"{households.wang.pk},{households.zhao.pk}",
        "go": "1",
        "columns": ["address", "holders", "phones", "area"],
        "reason": "上门排班",
    }
    rows = list(
        load_workbook(io.BytesIO(pick(client, "export_households", **form).content)).active.values
    )
    assert rows[0][0].startswith("导出人 陈静，")
    assert "用途：上门排班" in rows[0][0]
    assert rows[2][2] == "138****0101"
    assert rows[3] == ("曹杨一村9号202室", "赵*勇", "138****0202", 20.5)
    form["is_unmasked"] = "1"
    book = load_workbook(io.BytesIO(pick(client, "export_households", **form).content))
    cell = book.active.cell(3, 2)
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://e")', "s")
    assert FileReading.objects.filter(what="export").count() == 4
    form["reason"] = ""
    assert pick(client, "export_households", **form).status_code == 422


def test_letters_for_a_few_are_ready_at_once(client, people, household):
    client.force_login(people["chen"])
    shown = pick(client, "issue_letters", pick=[str(household.pk)])
    assert LetterCode.objects.count() == 0  # only the page that says what it means
    assert "旧码马上作废" in shown.content.decode()
    done = pick(client, "issue_letters", pick=[str(household.pk)], go="1")
    assert "下载告知书" in client.get(done.url).content.decode()
    pdf = client.post(done.url + "download/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Content-Disposition"].startswith("attachment")
    client.force_login(people["fang"])
    assert client.post(done.url + "download/").status_code == 404


def letter(household, people):
    letters.issue_letters([household], by=people["chen"])
    return LetterCode.objects.get(household=household, voided_at=None).code


def test_the_way_from_the_letter_home(client, people, places):
    home = make_household(places.here, places.building, "301", "孙丽", phone="+8613800000103")
    code = letter(home, people)
    assert client.get(f"/link/?c={code}").status_code == 302  # sign in first
    client.force_login(people["sun"])
    assert code in client.get(f"/link/?c={code}").content.decode()
    page = client.post("/link/", {"code": code}).content.decode()
    assert home.address in page
    assert "孙*" in page
    assert "孙丽" not in page
    member = re.search(r'name="member" value="([^"]+)"', page)[1]
    assert client.post("/link/", {"code": code, "member": member}).status_code == 302
    assert list(Household.objects.of(people["sun"])) == [home]


def test_a_stranger_with_the_letter_learns_nothing(client, people, places, households):
    home = make_household(places.here, places.building, "301", "孙丽", phone="+8613800000103")
    code = letter(home, people)
    client.force_login(people["zhao"])
    answer = client.post("/link/", {"code": code}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [("/link/counter/", 302)]
    assert home.address not in html
    assert "孙" not in html.replace("孙*", "")
    wrong = client.post("/link/", {"code": "0000-0000-0"})
    assert wrong.status_code == 422


def test_codes_cannot_be_tried_one_after_another(client, people):
    client.force_login(people["sun"])
    for _ in range(20):
        client.post("/link/", {"code": "8F3K-2Q7M-C"})
    answer = client.post("/link/", {"code": "8F3K-2Q7M-C"}).content.decode()
    assert "试得太多了" in answer


def test_a_resident_asks_for_a_correction_of_the_own_household_only(client, people, households):
    client.force_login(people["wang"])
    other = client.post("/home/correction/", {"text": "改", "household": str(households.zhao.pk)})
    assert (other.status_code, CorrectionRequest.objects.count()) == (404, 0)
    client.post("/home/correction/", {"text": "面积不对"})
    assert CorrectionRequest.objects.get().household == households.wang
    client.force_login(people["sun"])
    assert "还没有关联您的家" in client.get("/home/correction/").content.decode()
    assert "还没有关联您的家" in client.get("/home/file/").content.decode()


STAFF_PAGES = [
    "household_timeline", "edit_household", "mark_special", "write_strategy", "read_care_tags",
    "add_care_tag", "add_visit", "add_contact", "add_member", "link_at_counter", "record_mandate",
]  # fmt: skip


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_who_reaches_the_pages_of_a_file(client, people, household, name):
    reached = {
        who: get(client, people, who, url(name, household.pk)).status_code for who in EVERYONE
    }
    leader = 200 if name in ("household_timeline", "add_visit", "add_contact") else 403
    reader = 200 if name == "household_timeline" else 403
    assert reached == {
        "passerby": 302, "wang": 403, "zhao": 404, "sun": 404, "root": 404, "hu": 404,
        "fang": 404, "gu": 404, "shen": 404, "adi": 404,
        "chen": 200, "lin": 200, "lou": leader, "deng": reader, "mei": 404,
    }  # fmt: skip


def test_a_part_of_another_household_is_not_reached_through_one_s_own(client, people, households):
    contact = Contact.objects.create(
        neighbourhood=households.zhao.neighbourhood, household=households.zhao, name="甲"
    )
    theirs = households.zhao.members.get()
    client.force_login(people["chen"])
    for address in (
        url("unmask_phone", households.wang.pk, theirs.pk),
        url("edit_member", households.wang.pk, theirs.pk),
        url("end_membership", households.wang.pk, theirs.pk),
        url("unmask_contact", households.wang.pk, contact.pk),
    ):
        assert client.get(address).status_code == 404, address


def test_the_queues_and_the_readings(client, people, household):
    CorrectionRequest.objects.create(
        neighbourhood=household.neighbourhood,
        household=household,
        asked_by=people["wang"],
        text="<img src=x onerror=alert(1)>",
    )
    get(client, people, "chen", url("household_detail", household.pk))
    html = get(client, people, "chen", url("correction_list")).content.decode()
    assert "&lt;img src=x" in html
    assert "陈静" in get(client, people, "shen", url("reading_list")).content.decode()
    assert "陈静" not in get(client, people, "fang", url("reading_list")).content.decode()
    for name in ("correction_list", "residency_queue", "letter_jobs", "reading_list"):
        assert get(client, people, "wang", url(name)).status_code == 404, name
        assert get(client, people, "lin", url(name)).status_code == 200, name


def test_the_whole_file_is_printed_and_noted(client, people, household):
    Household.objects.filter(pk=household.pk).update(remark="<img src='http://169.254.169.254'>")
    client.force_login(people["chen"])
    pdf = client.post(url("print_file", household.pk))
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert FileReading.objects.filter(what="document", reason="打印整份档案").count() == 1
    client.force_login(people["lou"])
    assert client.post(url("print_file", household.pk)).status_code == 403


def test_the_timeline_tells_by_kind(client, people, household):
    client.force_login(people["chen"])
    client.post(
        url("add_visit", household.pk), {"way": "phone", "outcome": "willing", "text": "周末来签"}
    )
    client.post(url("edit_household", household.pk), fields_of(household, living_area="23.50"))
    everything = client.get(url("household_timeline", household.pk)).content.decode()
    for words in ("周末来签", "20.50", "23.50", "修改档案", "查看档案"):
        assert words in everything, words
    only = client.get(url("household_timeline", household.pk) + "?kind=reading").content.decode()
    assert "查看档案" in only
    assert "周末来签" not in only
    leader = get(client, people, "lou", url("household_timeline", household.pk)).content.decode()
    assert "周末来签" in leader
    assert "修改档案" not in leader
