"""The demonstration's attendance: sheets of the year, and one meeting that is on."""

import time

import pytest
from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, SubDistrict
from consultation.demo import story
from consultation.demo.attendance import tell_attendance
from consultation.demo.meetings import tell_meetings
from consultation.models import Contribution, Meeting, Poll, Presence, ShowOfHands
from consultation.queries.attendance import hall
from consultation.queries.notes import sheets
from households.demo import pilot
from households.demo import story as households_story

pytestmark = pytest.mark.usefixtures("announced")


def test_a_year_of_sheets_and_one_meeting_that_is_on(db, settings):
    settings.DEMO = True
    street = SubDistrict.objects.create(name="曹杨新村街道", code="caoyang-xincun")
    one, two = (
        Neighbourhood.objects.create(sub_district=street, name=code, code=code)
        for code in ("caoyang-one", "caoyang-two")
    )
    households_story._offices(street, one, two)
    households_story._import(two, pilot.workbook(), "二村.xlsx")
    story._lift(two)
    held = tell_meetings(two)
    began = time.monotonic()
    tell_attendance(two, held, Poll.objects.get(code=story.LIFT))
    took = time.monotonic() - began
    assert took < 20, took  # two seconds on a machine that does nothing else
    hearing = held["hearing"][0]
    assert (
        hall(hearing).at(hearing.starts_at + (hearing.ends_at - hearing.starts_at) / 2).people == 9
    )
    labels = Contribution.objects.filter(meeting=hearing, unnamed__isnull=False)
    assert [said.shown_speaker for said in labels] == ["居民甲", "居民乙"]
    on = Meeting.objects.get(state="under_way")
    count = hall(on).at(timezone.now())
    assert (count.people, count.heads, count.by_proxy, count.holds) == (10, 11, 1, True)
    show = ShowOfHands.objects.get()
    assert (show.is_adopted, show.yes, show.voters) == (True, 8, 11)
    first, second, *_others = sheets(on)
    assert first.text == "施工队：十二周，先打桩。\n四楼：周末能不能停？\n一楼：灰尘大，要围起来。"
    assert [clash.version.text for clash in second.clashes] == ["堆在北门外面，不占花坛"]
    assert Presence.objects.filter(channel="sheet").count() == 80
