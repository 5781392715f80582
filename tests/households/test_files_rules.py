"""Who may do what with a household's file, and which parts of it each office sees."""

import pytest

from caoyang_portal.authority import may
from households.models import (
    CorrectionRequest,
    Export,
    FileReading,
    LetterCode,
    Mandate,
    SavedFilter,
)
from households.rules import files as parts
from tests.conftest import EVERYONE

COMMITTEE = {"chen", "lin"}
COMMITTEE_AND_LEADER = COMMITTEE | {"lou"}
SIGNED_IN = set(EVERYONE) - {"passerby"}

WHO_MAY = {
    "edit_household": COMMITTEE,
    "mark_special": COMMITTEE,
    "write_strategy": COMMITTEE,
    "assign_responsible": COMMITTEE,
    "add_member": COMMITTEE,
    "edit_member": COMMITTEE,
    "end_membership": COMMITTEE,
    "record_death": COMMITTEE,
    "add_care_tag": COMMITTEE,
    "remove_care_tag": COMMITTEE,
    "read_care_tags": COMMITTEE,
    "issue_letters": COMMITTEE,
    "download_letters": COMMITTEE,
    "print_file": COMMITTEE,
    "export_households": COMMITTEE,
    "record_mandate": COMMITTEE,
    "revoke_mandate": COMMITTEE,
    "read_mandate_document": COMMITTEE,
    "link_at_counter": COMMITTEE,
    "decline_residency": COMMITTEE,
    "end_residency": COMMITTEE,
    "approve_mandate": {"lin"},  # chen recorded it
    "settle_correction": COMMITTEE,
    "read_file": COMMITTEE_AND_LEADER | {"deng"},
    "unmask_number": COMMITTEE_AND_LEADER,
    "unmask_contact": COMMITTEE_AND_LEADER,
    "add_visit": COMMITTEE_AND_LEADER,
    "plan_contact": COMMITTEE_AND_LEADER,
    "add_contact": COMMITTEE_AND_LEADER,
    "remove_contact": COMMITTEE_AND_LEADER,
    "link_by_letter": SIGNED_IN,  # the code and the telephone decide
    "ask_for_counter_check": SIGNED_IN,
    "disown_letter": SIGNED_IN,
    "ask_correction": {"wang"},
    "save_filter": COMMITTEE_AND_LEADER | {"deng"},
    "drop_filter": {"chen"},
    "set_default_filter": {"chen"},
    "add_care_tags": COMMITTEE,
    "remove_care_tags": COMMITTEE,
    "restore_care_tags": COMMITTEE,
    "send_group_message": COMMITTEE,
    "cancel_group_message": COMMITTEE,
    "download_export": {"chen"},  # who asked for it
}


@pytest.fixture
def subjects(household, people):
    """What each act is about; chen recorded the mandate and owns the filter."""
    here = household.neighbourhood
    letter = LetterCode(neighbourhood=here, household=household)
    return {
        "approve_mandate": Mandate(
            neighbourhood=here, household=household, recorded_by=people["chen"]
        ),
        "settle_correction": CorrectionRequest(neighbourhood=here, household=household),
        "unmask_number": FileReading(neighbourhood=here, household=household, what="phone"),
        "link_by_letter": letter,
        "ask_for_counter_check": letter,
        "disown_letter": letter,
        "save_filter": SavedFilter(neighbourhood=here, owner=people["chen"]),
        "drop_filter": SavedFilter(neighbourhood=here, owner=people["chen"]),
        "set_default_filter": SavedFilter(neighbourhood=here, owner=people["chen"]),
        "download_export": Export(neighbourhood=here, by=people["chen"]),
    }


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, household, subjects):
    subject = subjects.get(act, household)
    assert {who for who in EVERYONE if may(people[who], f"households.{act}", subject)} == WHO_MAY[
        act
    ]


def test_an_id_number_is_for_the_committee_only(people, household):
    reading = FileReading(
        neighbourhood=household.neighbourhood, household=household, what="id_number"
    )
    may_see = {w for w in EVERYONE if may(people[w], "households.unmask_number", reading)}
    assert may_see == COMMITTEE


def test_nobody_decides_about_their_own_household(people, household, places):
    from caoyang_portal.community.models import Posting

    Posting.objects.create(
        user=people["wang"],
        office="committee",
        sub_district=places.street,
        neighbourhood=places.here,
        since="2020-01-01",
    )
    wang = type(people["wang"]).objects.get(pk=people["wang"].pk)
    asked = CorrectionRequest(neighbourhood=places.here, household=household)
    assert may(wang, "households.edit_household", household) is True
    assert may(wang, "households.link_at_counter", household) is False
    assert may(wang, "households.settle_correction", asked) is False


def test_each_office_sees_its_parts_of_a_file(people, household, households):
    leader = {"holders", "phones", "contacts", "visits", "stage"}
    assert parts.visible_parts(people["chen"], household) == parts.WHOLE_FILE
    assert parts.visible_parts(people["lou"], household) == leader
    assert parts.visible_parts(people["lou"], households.zhao) == set()  # another building
    assert parts.visible_parts(people["deng"], household) == {"areas", "facilities", "plans"}
    for who in ("mei", "wang", "sun", "gu", "shen", "adi", "root", "fang", "hu", "passerby"):
        assert parts.visible_parts(people[who], household) == set(), who


def test_a_search_may_use_only_what_is_seen_everywhere(people, places):
    from caoyang_portal.community.models import Posting, User

    assert parts.parts_everywhere(people["chen"]) == parts.WHOLE_FILE
    assert parts.CARE not in parts.parts_everywhere(people["lou"])
    Posting.objects.create(
        user=people["deng"],
        office="committee",
        sub_district=places.there.sub_district,
        neighbourhood=places.there,
        since="2020-01-01",
    )
    both = User.objects.get(pk=people["deng"].pk)
    assert parts.parts_everywhere(both) == {"areas", "facilities", "plans"}
