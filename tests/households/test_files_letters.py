"""Letters, and how a login becomes a household's; powers of attorney; corrections."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pypdf import PdfReader

from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads.intake import read
from caoyang_portal.uploads.models import Attachment
from households.actions import corrections, letters, mandates, residencies
from households.models import (
    CorrectionRequest,
    Household,
    LetterCode,
    LetterJob,
    Mandate,
    Member,
    Residency,
)
from households.models.lettercodes import ALPHABET, new_code, shown_code, tidy_code
from tests.conftest import make_household
from tests.households.builders import attachment


@pytest.fixture
def home(places, people):
    """孙丽's new home, 3-301: she has a login with her number on file, and no residency yet."""
    return make_household(places.here, places.building, "301", "孙丽", phone="+8613800000103")


def code_for(home, by):
    letters.issue_letters([home], by=by)
    return LetterCode.objects.get(household=home, used_at=None, voided_at=None).code


def test_a_code_survives_how_people_write_it_and_no_slip_passes():
    for _ in range(200):
        code = new_code()
        assert len(code) == 9
        assert tidy_code(shown_code(code)) == code
        assert tidy_code(f" {code[:4].lower()} {code[4:].lower()}。") == code
        wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
        assert tidy_code(wide.replace("０", "Ｏ").replace("１", "l")) == code
        for place in range(9):
            for other in ALPHABET:
                if other != code[place]:
                    assert tidy_code(code[:place] + other + code[place + 1 :]) == ""
    assert tidy_code("") == tidy_code("8F3K") == tidy_code("'; DROP TABLE") == ""


def test_a_new_letter_kills_the_old_code_and_opens_the_holder_s_account(people, home):
    first = code_for(home, people["chen"])
    User.objects.filter(phone_index=people["sun"].phone_index).delete()
    second = code_for(home, people["chen"])
    sun = User.objects.by_phone("+8613800000103")
    assert (sun.name, sun.has_usable_password()) == ("孙丽", False)
    with pytest.raises(Refused, match="已换新"):
        residencies.link_by_letter(first, by=sun)
    assert residencies.link_by_letter(second, by=sun).household == home


def test_no_account_is_opened_for_a_landline(people, home):
    holder = home.members.get()
    holder.phone = "+862162000000"
    holder.index_numbers()
    holder.save()
    before = User.objects.count()
    code_for(home, people["chen"])
    assert User.objects.count() == before


def test_the_code_and_the_number_on_file_together_join_a_household(people, home):
    code = code_for(home, people["chen"])
    residency = residencies.link_by_letter(shown_code(code).lower(), by=people["sun"])
    assert (residency.way, residency.member.name, residency.verified_by) == (
        "letter",
        "孙丽",
        None,
    )
    assert list(Household.objects.of(people["sun"])) == [home]
    with pytest.raises(Refused, match="已用过"):  # a letter joins once
        residencies.link_by_letter(code, by=people["sun"])


def test_a_found_letter_is_not_enough(people, home):
    """赵大勇 found the letter in the stairwell: his number is not on that file."""
    code = code_for(home, people["chen"])
    with pytest.raises(Refused, match="柜台核验"):
        residencies.link_by_letter(code, by=people["zhao"])
    waiting = residencies.ask_for_counter_check(code, by=people["zhao"])
    assert residencies.ask_for_counter_check(code, by=people["zhao"]) == waiting
    assert list(Household.objects.of(people["zhao"]).values_list("room", flat=True)) == ["202"]
    residencies.decline_residency(waiting, by=people["chen"])
    assert Residency.objects.waiting().count() == 0
    assert LetterCode.objects.get(household=home).used_at is None  # 孙丽 can still use it


def test_an_expired_letter_joins_nobody(people, home):
    code = code_for(home, people["chen"])
    LetterCode.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(Refused):
        residencies.link_by_letter(code, by=people["sun"])


def test_somebody_else_of_the_household_cannot_take_a_member_s_place(people, home):
    Member.objects.create(
        neighbourhood=home.neighbourhood, household=home, role="co_owner", name="孙强"
    )
    code = code_for(home, people["chen"])
    brother = home.members.get(name="孙强")
    with pytest.raises(Refused, match="柜台核验"):
        residencies.link_by_letter(code, member=brother, by=people["sun"])


def test_the_wrong_letter_is_disowned_and_its_code_dies(people, home):
    code = code_for(home, people["chen"])
    asked = residencies.disown_letter(code, text="我不住这里", by=people["zhao"])
    assert (asked.household, asked.state, asked.text) == (home, "open", "我不住这里")
    with pytest.raises(Refused):
        residencies.link_by_letter(code, by=people["sun"])
    deliver_pending()
    assert {n.reader.name for n in Notice.objects.all()} == {"陈静", "林红"}


def test_at_the_counter_papers_are_seen_and_a_number_goes_on_file(people, home, households):
    son = Member.objects.create(
        neighbourhood=home.neighbourhood, household=home, role="co_owner", name="孙强"
    )
    with pytest.raises(Refused, match="勾选"):
        residencies.link_at_counter(son, phone="+8613911112222", seen=[], by=people["chen"])
    residency = residencies.link_at_counter(
        son, phone="+8613911112222", seen=["id_card"], by=people["chen"]
    )
    son.refresh_from_db()
    assert son.phone == "+8613911112222"
    assert residency.user == User.objects.by_phone("+8613911112222")
    assert (residency.way, residency.verified_by.name) == ("counter", "陈静")
    entry = Entry.objects.of(home.ledger_chain).get(act="households.link_at_counter")
    assert entry.facts == {"member": str(son.pk), "seen": ["id_card"]}
    with pytest.raises(PermissionDenied):  # not one's own neighbourhood
        residencies.link_at_counter(
            son, phone="+8613911113333", seen=["id_card"], by=people["fang"]
        )
    residencies.end_residency(residency, reason="搬走了", by=people["lin"])
    assert list(Household.objects.of(residency.user)) == []


def test_nobody_checks_oneself_at_the_counter(people, home):
    with pytest.raises(Refused, match="另一位同事"):
        residencies.link_at_counter(
            home.members.get(), phone=people["chen"].phone, seen=["id_card"], by=people["chen"]
        )


def test_the_family_hears_of_a_new_login(people, household):
    son = Member.objects.create(
        neighbourhood=household.neighbourhood, household=household, role="co_owner", name="王强"
    )
    residencies.link_at_counter(son, phone="+8613911112222", seen=["booklet"], by=people["chen"])
    deliver_pending()
    assert [(n.reader.name, "不认识" in n.text) for n in Notice.objects.all()] == [
        ("王桂芳", True)
    ]


def test_letters_are_printed_a_sheet_each_and_the_picture_holds_only_the_code(
    people, home, household
):
    job = letters.issue_letters([home, household], by=people["chen"])
    assert letters.print_letters() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    pages = PdfReader(io.BytesIO(read(job.file))).pages
    assert len(pages) == 2
    text = pages[0].extract_text().replace("\n", "")
    code = LetterCode.objects.get(household=household).code
    assert shown_code(code) in text
    assert "021-5555 0101" in text
    assert letters.download_letters(job, by=people["lin"]) == job.file
    assert [e.act for e in Entry.objects.of(job.ledger_chain)] == [
        "households.download_letters",
        "households.print_letters",
    ]
    with pytest.raises(PermissionDenied):
        letters.download_letters(job, by=people["fang"])


def test_a_job_whose_worker_died_is_printed_by_the_next(people, home):
    job = letters.issue_letters([home], by=people["chen"])
    assert letters._claim().pk == job.pk
    assert letters.print_letters() == 0  # somebody has it
    LetterJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert letters.print_letters() == 1
    job.refresh_from_db()
    assert job.state == "done"


def test_a_worker_out_of_time_leaves_the_rest_to_the_next(people, home, household, monkeypatch):
    monkeypatch.setattr(letters, "CHUNK", 1)
    job = letters.issue_letters([home, household], by=people["chen"])
    assert letters.print_letters(seconds=-1) == 0
    claimed = letters._claim()
    letters._note_part(claimed, str(letters._kept(claimed, b"%PDF-never read").pk), 1)
    LetterJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1), parts=[""])
    assert letters.print_letters() == 1  # goes on after the first chunk
    job.refresh_from_db()
    assert (job.state, job.done, len(PdfReader(io.BytesIO(read(job.file))).pages)) == (
        "done",
        2,
        1,
    )
    assert letters._note_part(claimed, "late", 2) is False  # the old worker wakes up too late


def test_the_parts_of_a_long_job_are_bound_and_thrown_away(people, home, household, monkeypatch):
    monkeypatch.setattr(letters, "CHUNK", 1)
    job = letters.issue_letters([home, household], by=people["chen"])
    letters.print_letters()
    job.refresh_from_db()
    assert len(PdfReader(io.BytesIO(read(job.file))).pages) == 2
    assert list(Attachment.objects.all()) == [job.file]


def test_a_letter_replaced_before_it_was_printed_is_not_printed(people, home, household):
    first = letters.issue_letters([home, household], by=people["chen"])
    letters.issue_letters([home], by=people["chen"])
    letters.print_letters(first.pk)
    first.refresh_from_db()
    assert len(PdfReader(io.BytesIO(read(first.file))).pages) == 1


def test_letters_go_to_one_s_own_neighbourhood_only(people, household, households):
    with pytest.raises(PermissionDenied):
        letters.issue_letters([household, households.hu], by=people["chen"])
    assert LetterCode.objects.count() == LetterJob.objects.count() == 0


@pytest.fixture
def mandate(people, household):
    today = timezone.localdate()
    return mandates.record_mandate(
        household.members.get(),
        agent_name="王强",
        agent_phone="+8613911112222",
        matter=Mandate.Matter.SIGN,
        scope="代为签订改造协议",
        valid_from=today,
        valid_to=today + dt.timedelta(days=90),
        document=attachment(household.neighbourhood),
        by=people["chen"],
    )


def test_a_mandate_counts_once_a_second_person_has_read_it(people, mandate):
    today = timezone.localdate()
    assert list(Mandate.objects.live(today)) == []
    with pytest.raises(PermissionDenied):
        mandates.approve_mandate(mandate, by=people["chen"])
    mandates.approve_mandate(mandate, by=people["lin"])
    mandate.refresh_from_db()
    assert mandate.agent == User.objects.by_phone("+8613911112222")
    assert list(Mandate.objects.live(today)) == [mandate]
    assert list(Mandate.objects.live(today + dt.timedelta(days=91))) == []
    mandates.revoke_mandate(mandate, reason="本人到场", by=people["chen"])
    assert list(Mandate.objects.live(today)) == []


def test_an_agent_who_works_here_does_not_approve_himself(people, household):
    today = timezone.localdate()
    mandate = mandates.record_mandate(
        household.members.get(),
        agent_name="林红",
        agent_phone=people["lin"].phone,
        matter=Mandate.Matter.ALL,
        scope="全部",
        valid_from=today,
        valid_to=today,
        document=attachment(household.neighbourhood),
        by=people["chen"],
    )
    with pytest.raises(Refused, match="受托人不能复核"):
        mandates.approve_mandate(mandate, by=people["lin"])


def test_only_who_must_sign_can_give_a_mandate(people, household, mandate):
    lodger = Member.objects.create(
        neighbourhood=household.neighbourhood,
        household=household,
        role="co_resident",
        name="王小妹",
    )
    with pytest.raises(Refused, match="才能委托"):
        mandates.record_mandate(
            lodger,
            agent_name="甲",
            agent_phone="",
            matter=Mandate.Matter.SIGN,
            scope="签约",
            valid_from=mandate.valid_from,
            valid_to=mandate.valid_to,
            document=mandate.document,
            by=people["chen"],
        )


def test_a_correction_is_asked_looked_into_and_answered(people, household):
    asked = corrections.ask_correction(household, text="面积不对", by=people["wang"])
    with pytest.raises(PermissionDenied):
        corrections.ask_correction(household, text="面积不对", by=people["zhao"])
    with pytest.raises(Refused, match="答复"):
        corrections.settle_correction(
            asked, state=CorrectionRequest.State.KEPT, reply=" ", by=people["chen"]
        )
    corrections.settle_correction(
        asked, state=CorrectionRequest.State.CORRECTED, reply="已改为 23.5", by=people["chen"]
    )
    with pytest.raises(Refused, match="已经答复"):
        corrections.settle_correction(
            asked, state=CorrectionRequest.State.KEPT, reply="再答", by=people["lin"]
        )
    deliver_pending()
    assert sorted((n.reader.name, n.link) for n in Notice.objects.all()) == [
        ("林红", f"/households/corrections/{asked.pk}/"),
        ("王桂芳", "/home/correction/"),
        ("陈静", f"/households/corrections/{asked.pk}/"),
    ]
