"""The demonstration's year of meetings."""

import pytest
from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, SubDistrict, User
from consultation.demo import meetings
from consultation.models import Meeting, MeetingQuestion, MeetingSeries, Registration
from consultation.queries import meetings as queries
from households.actions import residencies
from households.demo import pilot
from households.demo import story as households_story
from households.models import Member

pytestmark = pytest.mark.usefixtures("announced")


@pytest.fixture
def told(db, settings):
    """The pilot building, one neighbour with an account, and its meetings."""
    settings.DEMO = True
    street = SubDistrict.objects.create(name="曹杨新村街道", code="caoyang-xincun")
    one, two = (
        Neighbourhood.objects.create(sub_district=street, name=code, code=code)
        for code in ("caoyang-one", "caoyang-two")
    )
    households_story._offices(street, one, two)
    households_story._import(two, pilot.workbook(), "二村.xlsx")
    member = Member.objects.get(name=pilot.NAMES[1])
    clerk = households_story.person("committee")
    residencies.link_at_counter(member, phone=member.phone, seen=["id_card"], by=clerk)
    return meetings.tell_meetings(two)


def test_a_year_of_meetings_and_what_is_to_come(told):
    place, now = Neighbourhood.objects.get(code="caoyang-two"), timezone.now()
    held = Meeting.objects.filter(neighbourhood=place, state="held", series__isnull=False)
    by_series = {
        series.name: held.filter(series=series).count() for series in MeetingSeries.objects.all()
    }
    assert by_series == {"周六议事厅": 12, "菜场升级十次圆桌会": 10}
    assert {m.starts_at < now and m.opened_at == m.starts_at for m in held} == {True}
    halls = held.filter(form="saturday_hall")
    assert {timezone.localtime(m.starts_at).weekday() for m in halls} == {5}
    hearing = Meeting.objects.get(title="加装电梯听证会")
    assert (hearing.state, hearing.draws.get().wanted, hearing.invitations.count()) == (
        "held",
        6,
        8,
    )
    soon = Meeting.objects.get(form="saturday_hall", state="announced")
    assert (timezone.localtime(soon.starts_at).weekday(), soon.takes_registrations(now)) == (
        5,
        True,
    )
    drafts = Meeting.objects.filter(state="draft").order_by("starts_at")
    assert [queries.blockers(draft, now) for draft in drafts] == [[], []]
    table = Meeting.objects.get(form="tea_table")
    counted = queries.figures([table])[table.pk]
    assert (counted["coming"], counted["waiting"]) == (6, 2)
    wang = User.objects.filter(name=pilot.NAMES[0])
    assert not Registration.objects.filter(user__in=wang).exists()
    states = MeetingQuestion.objects.values_list("state", flat=True)
    assert sorted(states) == ["approved", "approved", "rejected", "waiting"]
    assert [len(told[key]) for key in ("halls", "tables", "hearing", "review")] == [12, 10, 1, 1]
