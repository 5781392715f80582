"""The demonstration's suggestions: the seeds' canteen and charging posts, and one of each that waits."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, Organisation, Posting, User
from caoyang_portal.demo import ACCOUNTS
from households.models import Residency
from suggestions.demo.suggestions import tell_suggestions
from suggestions.models import Suggestion
from suggestions.queries import suggestions as queries
from tests.conftest import make_household


def test_the_story_is_told_once_and_every_state_of_waiting_is_in_it(client, places):
    two = Neighbourhood.objects.create(
        sub_district=places.street, name="曹杨二村", code="caoyang-two"
    )
    home = make_household(two, two.building_set.create(name="1号楼", number=1), "101", "王桂芳")
    unit = Organisation.objects.create(
        sub_district=places.street, kind="department", name="城市建设管理办公室"
    )
    for account in ACCOUNTS:
        user = User.objects.create_user(account.phone, name=account.name)
        if account.key in ("committee", "department"):
            Posting.objects.create(
                user=user, office=account.key, sub_district=places.street,
                neighbourhood=two if account.key == "committee" else None,
                organisation=unit if account.key == "department" else None,
                since=dt.date(2020, 1, 1),
            )  # fmt: skip
        if account.key == "resident":
            Residency.objects.create(
                neighbourhood=two, user=user, household=home, way="letter",
                member=home.members.get(), verified_at=timezone.now(),
            )  # fmt: skip
    assert tell_suggestions(two, lambda line: None)
    assert not tell_suggestions(two, lambda line: None)
    states = Suggestion.objects.order_by("submitted_at").values_list("title", "state")
    assert list(states) == [
        ("在小区里办一个老人食堂", "closed"),
        ("花坛边上装充电桩", "closed"),
        ("电瓶车没地方充电", "merged"),
        ("老年活动室装空调", "assigned"),
        ("楼门口的台阶太高，做个坡道", "assigned"),
        ("小花园多放几张长椅", "submitted"),
        ("晚上小路的灯再亮一点", "submitted"),
    ]
    assert [one.name for one in queries.commended()] == ["花坛式充电桩", "曹杨幸福饭堂·桐柏院"]
    late = Suggestion.objects.overdue(timezone.localdate())
    assert [(one.title, one.rung) for one in late] == [("小花园多放几张长椅", 2)]
