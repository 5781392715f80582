"""Self-governance projects: who leads, what is done, where every yuan went."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from consultation.actions import self_governance as acts
from consultation.models import Expense, SelfGovernanceProject
from consultation.queries.self_governance import accounts, yuan
from tests.conftest import EVERYONE
from tests.consultation.resolution_builders import DAY
from tests.consultation.test_topic_pages import photo
from tests.households.builders import attachment

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    ("enter_project", "begin_project", "finish_project", "stop_project", "set_budget_line"),
    COMMITTEE,
) | dict.fromkeys(
    (
        "add_project_member", "end_project_member", "add_project_task", "finish_project_task",
        "add_expense", "add_project_photo", "see_project_names",
    ),
    COMMITTEE | {"wang"},
)  # fmt: skip


def planned(people, places, name="楼道议事角"):
    project = acts.enter_project(
        places.here, kind="shiheyuan", name=name, aim="把楼道清出来。",
        ends_on=timezone.localdate() + 60 * DAY, by=people["chen"],
    )  # fmt: skip
    leader = acts.add_project_member(
        project, name="王桂芳", role="leader", user=people["wang"], by=people["chen"]
    )
    acts.add_project_task(
        project,
        text="清杂物",
        owner=leader,
        due_on=timezone.localdate() + 9 * DAY,
        by=people["wang"],
    )
    return project


def running(people, places, name="楼道议事角"):
    project = acts.begin_project(planned(people, places, name), by=people["chen"])
    line = acts.set_budget_line(
        project, text="油漆", source="街道自治金", planned_cents=100_000, by=people["chen"]
    )
    return project, line


def spend(line, people, places, cents, text="两桶漆"):
    return acts.add_expense(
        line, text=text, cents=cents, spent_day=timezone.localdate(),
        receipt=attachment(places.here), by=people["wang"],
    )  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    project = planned(people, places)
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", project)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


MOVES = {
    ("planned", "begin_project"): "running", ("planned", "stop_project"): "stopped",
    ("running", "finish_project"): "finished", ("running", "stop_project"): "stopped",
    ("stopped", "begin_project"): "running",
}  # fmt: skip


@pytest.mark.parametrize("state", SelfGovernanceProject.State.values)
@pytest.mark.parametrize("act", ["begin_project", "finish_project", "stop_project"])
def test_what_may_follow_what(state, act, people, places, households):
    project = planned(people, places)
    acts.finish_project_task(project.tasks.get(), note="清了", by=people["wang"])
    if state != "planned":
        acts.begin_project(project, by=people["chen"])
    if state == "finished":
        acts.finish_project(project, result="干净了。", by=people["chen"])
    if state == "stopped":
        acts.stop_project(project, reason="下雨", by=people["chen"])
    words = {"finish_project": {"result": "好"}, "stop_project": {"reason": "停"}}.get(act, {})
    if (state, act) in MOVES:
        assert getattr(acts, act)(project, **words, by=people["chen"]).state == MOVES[state, act]
    else:
        with pytest.raises(Refused), transaction.atomic():
            getattr(acts, act)(project, **words, by=people["chen"])
        assert SelfGovernanceProject.objects.get().state == state


def test_it_begins_with_a_leader_and_a_task_and_ends_with_all_done(people, places, households):
    bare = acts.enter_project(
        places.here, kind="one_key", name="一把钥匙", aim="个别想办法。",
        ends_on=timezone.localdate() + DAY, by=people["chen"],
    )  # fmt: skip
    with pytest.raises(Refused, match="带头人"):
        acts.begin_project(bare, by=people["chen"])
    project, _line = running(people, places)
    with pytest.raises(Refused, match="1 个任务"):
        acts.finish_project(project, result="好", by=people["chen"])
    with pytest.raises(Refused, match="任务没做完"):
        acts.end_project_member(project.team.get(), by=people["chen"])
    with pytest.raises(Refused, match="同名"):
        planned(people, places)


def test_money_stays_within_its_budget_to_the_cent(people, places, households):
    project, line = running(people, places)
    spend(line, people, places, 99_999)
    with pytest.raises(Refused, match="超出预算"):
        spend(line, people, places, 2)
    spend(line, people, places, 1)
    with pytest.raises(Refused, match="不能少于已经花掉的"):
        acts.set_budget_line(
            project, text="油漆", source="街道自治金", planned_cents=99_999, by=people["chen"]
        )
    spend(line, people, places, -1, "退一分")
    [account] = accounts(project)
    assert (account.spent, account.left, len(account.expenses)) == (99_999, 1, 3)
    assert (yuan(123_456_789), yuan(-5), yuan(0)) == ("1,234,567.89", "-0.05", "0.00")


def test_no_money_is_spent_before_it_begins(people, places, households):
    project = planned(people, places)
    line = acts.set_budget_line(
        project, text="油漆", source="众筹", planned_cents=100, by=people["chen"]
    )
    with pytest.raises(Refused, match="进行中"):
        spend(line, people, places, 1)


def test_everybody_reads_where_the_money_went_and_no_whole_name(
    client, people, places, households
):
    project, line = running(people, places)
    expense = spend(line, people, places, 12_050)
    url = reverse("consultation:project", args=[project.pk])
    page = client.get(url).content.decode()
    assert "120.50" in page
    assert "王*芳" in page
    assert "王桂芳" not in page
    receipt = reverse("consultation:project_receipt", args=[expense.pk])
    assert receipt not in page
    client.force_login(people["zhao"])
    assert client.get(receipt).status_code == 403
    hidden = planned(people, places, "还在筹备")
    assert client.get(reverse("consultation:project", args=[hidden.pk])).status_code == 404
    client.force_login(people["wang"])
    assert client.get(reverse("consultation:project", args=[hidden.pk])).status_code == 200


def test_the_leader_keeps_it_on_the_phone(client, people, places, households):
    project, line = running(people, places)
    client.force_login(people["wang"])
    at = lambda name: reverse(f"consultation:{name}", args=[project.pk])  # noqa: E731
    day = timezone.localdate().isoformat()
    given = {
        "line": str(line.pk),
        "text": "漆",
        "amount": "12.34",
        "spent_day": day,
        "receipt": photo(),
    }
    assert client.post(at("add_expense"), given).status_code == 302
    assert Expense.objects.get().cents == 1234
    given = {"photos": [photo()], "when": "before", "caption": "原来堆满杂物"}
    assert client.post(at("add_project_photo"), given).status_code == 302
    task = project.tasks.get()
    client.post(reverse("consultation:finish_project_task", args=[task.pk]), {"note": "清走三车"})
    task.refresh_from_db()
    assert task.done_note == "清走三车"
    assert client.post(at("finish_project"), {"result": "好"}).status_code == 403
    assert client.get(at("project")).status_code == 200


@pytest.mark.parametrize("name", ["project", "project_list"])
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places, households):
    project, line = running(people, places)
    spend(line, people, places, 1)
    client.force_login(people["chen"])

    def cost():
        url = reverse(f"consultation:{name}", args=[project.pk] if name == "project" else [])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    alone = cost()
    for n in range(3):
        running(people, places, f"第{n}个")
        spend(line, people, places, 1)
        acts.add_project_task(
            project, text=f"再做{n}", owner=project.team.get(), due_on=timezone.localdate(),
            by=people["wang"],
        )  # fmt: skip
    assert cost() == alone
