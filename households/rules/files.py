"""Who may do what with a household's file, and which parts of it each office sees."""

import rules

from households.models import FileReading, Household

from .offices import is_building_leader, is_committee, lives_in_its_household

# The parts of a file. What an office may see of a household decides what is fetched for it.
CERTIFICATE = "certificate"
AREAS = "areas"
FACILITIES = "facilities"
HOLDERS = "holders"  # the names of those who must sign, masked
MEMBERS = "members"  # everyone's name and place in the household
PHONES = "phones"  # masked; whole only by unmask_number
ID_NUMBERS = "id_numbers"
CONTACTS = "contacts"
VISITS = "visits"
STRATEGY = "strategy"
CARE = "care"
STAGE = "stage"  # how far the agreement is
PLANS = "plans"
AGREEMENTS = "agreements"
MONEY = "money"
MANDATES = "mandates"
LETTERS = "letters"
CORRECTIONS = "corrections"
TIMELINE = "timeline"
READINGS = "readings"

WHOLE_FILE = frozenset(
    {
        CERTIFICATE, AREAS, FACILITIES, HOLDERS, MEMBERS, PHONES, ID_NUMBERS, CONTACTS, VISITS,
        STRATEGY, CARE, STAGE, PLANS, AGREEMENTS, MONEY, MANDATES, LETTERS, CORRECTIONS, TIMELINE,
        READINGS,
    }
)  # fmt: skip

# domain 9.2: the committee reads files of its own area; a building leader contact and stage of own
# doors, no difficulty tags and no money; a designer areas and drawings. A mediator sees the case only.
PARTS_OF_OFFICE = {
    "committee": WHOLE_FILE,
    "building_leader": frozenset({HOLDERS, PHONES, CONTACTS, VISITS, STAGE}),
    "designer": frozenset({AREAS, FACILITIES, PLANS}),
}


def offices_over(user, neighbourhood_id, building_id) -> list[str]:
    """The offices by which ``user`` meets a household there, those that see most first."""
    if not user.is_authenticated:
        return []
    held = {
        posting.office
        for posting in user.live_postings
        if posting.neighbourhood_id == neighbourhood_id
        and (posting.office != "building_leader" or posting.building_id == building_id)
    }
    return [office for office in PARTS_OF_OFFICE if office in held]


def visible_parts(user, household) -> frozenset[str]:
    """The parts of ``household``'s file that ``user`` sees by office; nothing without one.

    The household itself sees its whole file on its own page, not by this.
    """
    offices = offices_over(user, household.neighbourhood_id, household.building_id)
    return frozenset().union(*(PARTS_OF_OFFICE[office] for office in offices))


def parts_everywhere(user) -> frozenset[str]:
    """The parts that ``user`` sees of every household on the list: what it may be searched by.

    A search by a part that one may not see would tell it, answer by answer.
    """
    by_place: dict = {}
    for posting in user.live_postings:
        if posting.office in PARTS_OF_OFFICE:
            building = posting.building_id if posting.office == "building_leader" else None
            by_place.setdefault((posting.neighbourhood_id, building), set()).update(
                PARTS_OF_OFFICE[posting.office]
            )
    seen = [
        frozenset(parts) | frozenset(by_place.get((neighbourhood, None), ()))
        for (neighbourhood, _building), parts in by_place.items()
    ]
    return frozenset.intersection(*seen) if seen else frozenset()


@rules.predicate
def reads_files_there(user, subject):
    """Holds an office that opens the household's file, in whatever part."""
    return bool(offices_over(user, subject.neighbourhood_id, subject.building_id))


@rules.predicate
def is_signed_in(user, subject):
    return user.is_authenticated


@rules.predicate
def is_not_one_s_own(user, subject):
    """Nobody decides about the household one belongs to oneself."""
    pk = subject.pk if isinstance(subject, Household) else subject.household_id
    return not Household.objects.of(user).filter(pk=pk).exists()


@rules.predicate
def is_a_second_person(user, mandate):
    return mandate.recorded_by_id != user.pk


@rules.predicate
def owns_the_filter(user, saved):
    return saved.owner_id == user.pk


@rules.predicate
def asked_for_it(user, export):
    return export.by_id == user.pk


@rules.predicate
def works_there(user, saved):
    """Holds an office in the neighbourhood whose list the filter searches."""
    return user.is_authenticated and saved.neighbourhood_id in user.places(
        "committee", "building_leader", "designer"
    )


@rules.predicate
def may_see_the_number(user, reading):
    """An ID number is shown to the committee only, a phone also to the building leader."""
    household = reading.household
    part = ID_NUMBERS if reading.what == FileReading.What.ID_NUMBER else PHONES
    return part in visible_parts(user, household)


COMMITTEE_ACTS = (
    "edit_household", "mark_special", "write_strategy", "assign_responsible",
    "add_member", "edit_member", "end_membership", "record_death",
    "add_care_tag", "remove_care_tag", "read_care_tags",
    "add_care_tags", "remove_care_tags", "restore_care_tags",
    "send_group_message", "cancel_group_message",
    "issue_letters", "download_letters", "print_file", "export_households",
    "record_mandate", "revoke_mandate", "read_mandate_document",
)  # fmt: skip
for act in COMMITTEE_ACTS:
    rules.add_perm(f"households.{act}", is_committee)

rules.add_perm("households.read_file", reads_files_there)
rules.add_perm("households.unmask_number", may_see_the_number)
rules.add_perm("households.unmask_contact", is_committee | is_building_leader)
rules.add_perm("households.add_visit", is_committee | is_building_leader)
rules.add_perm("households.plan_contact", is_committee | is_building_leader)
rules.add_perm("households.add_contact", is_committee | is_building_leader)
rules.add_perm("households.remove_contact", is_committee | is_building_leader)
rules.add_perm("households.link_by_letter", is_signed_in)
rules.add_perm("households.ask_for_counter_check", is_signed_in)
rules.add_perm("households.disown_letter", is_signed_in)
rules.add_perm("households.link_at_counter", is_committee & is_not_one_s_own)
rules.add_perm("households.decline_residency", is_committee)
rules.add_perm("households.end_residency", is_committee & is_not_one_s_own)
rules.add_perm("households.approve_mandate", is_committee & is_a_second_person & is_not_one_s_own)
rules.add_perm("households.ask_correction", lives_in_its_household)
rules.add_perm("households.settle_correction", is_committee & is_not_one_s_own)
rules.add_perm("households.save_filter", works_there)
rules.add_perm("households.drop_filter", owns_the_filter)
rules.add_perm("households.set_default_filter", owns_the_filter)
rules.add_perm("households.download_export", is_committee & asked_for_it)
