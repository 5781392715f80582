"""The plan of a project goes before the public, and the project waits until the days are over."""

import pytest
from django.urls import reverse

from caoyang_portal.community.models import Organisation
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice, Sending
from caoyang_portal.publicity import actions as publicities
from caoyang_portal.publicity.models import Publicity
from households.actions.publicity import publicise_plan
from households.models import Project
from households.queries.projects import blockers
from tests.publicity.builders import after


@pytest.fixture
def planned(project, places):
    Project.objects.filter(pk=project.pk).update(
        stage="plan_consult", scope="三幢楼", resettlement="原地", effect_condition="95%",
        housing_kind="成套", works_duration="18 个月",
        implementer=Organisation.objects.create(
            sub_district=places.street, kind="implementer", name="曹杨物业"
        ),
    )  # fmt: skip
    return Project.objects.get(pk=project.pk)


def test_the_plan_is_posted_heard_of_and_waited_for(client, planned, people):
    client.force_login(people["chen"])
    page = client.get(reverse("households:project_detail", args=[planned.pk]))
    assert "起草方案公示" in page.content.decode()
    address = reverse("households:publicise_plan", args=[planned.pk])
    assert client.post(address, {"days": 9, "opinion_days": 7}).status_code == 422
    client.post(address, {"days": 10, "opinion_days": 7})
    publicity = Publicity.objects.of("households.project", planned.pk).get()
    assert (publicity.days, publicity.opinion_days, "更新范围：三幢楼" in publicity.body) == (
        10,
        7,
        True,
    )
    publicities.post_publicity(publicity, by=people["chen"])
    deliver_pending()
    assert set(Notice.objects.values_list("reader__name", flat=True)) == {"王桂芳", "赵大勇"}
    assert not Sending.objects.exists()  # nobody is rung up for it
    objection = publicities.object_to_publicity(publicity, text="太久", by=people["wang"])
    waits = ["方案公示还没有期满", "方案公示还有 1 条异议没有答复"]
    assert blockers(planned) == waits
    with after(publicity):
        publicities.follow_clock()
        assert blockers(planned) == waits[1:]
        publicities.answer_objection(objection, outcome="adopted", answer="缩短", by=people["lin"])
        assert blockers(planned) == []


def test_too_early_or_unfinished_it_is_refused(project, planned, people):
    Project.objects.filter(pk=planned.pk).update(scope="")
    with pytest.raises(Refused, match="实施方案还缺：更新范围"):
        publicise_plan(planned, days=10, opinion_days=7, by=people["chen"])
    Project.objects.filter(pk=planned.pk).update(stage="design")
    with pytest.raises(Refused, match="到了方案公示阶段"):
        publicise_plan(planned, days=10, opinion_days=7, by=people["chen"])
