"""Addresses of the app: voting is for residents and everyone, the desk for those who run a poll.

The desk comes first: no poll is called ``desk``.
"""

from . import (
    attendance,
    congress,
    desk,
    house_rules,
    meetings,
    minutes,
    resolutions,
    self_governance,
    topics,
    voting,
)

app_name = "consultation"
urlpatterns = [
    *desk.urlpatterns,
    *voting.urlpatterns,
    *attendance.urlpatterns,
    *meetings.urlpatterns,
    *minutes.urlpatterns,
    *topics.urlpatterns,
    *congress.urlpatterns,
    *house_rules.urlpatterns,
    *resolutions.urlpatterns,
    *self_governance.urlpatterns,
]
