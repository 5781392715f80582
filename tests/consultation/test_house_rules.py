"""House rules from the first article into force: who may, which act when, what is compared, adopted once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Delivery, Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.publicity import actions as publicities
from caoyang_portal.publicity.models import Publicity
from consultation.actions import house_rules as actions
from consultation.actions import polls, rules_voting
from consultation.models import ArticleComment, RulesAcknowledgement, RulesArticle, RulesVersion
from consultation.queries.house_rules import articles_of, compare, voting, words
from tests.conftest import EVERYONE
from tests.consultation.rules_builders import (
    again,
    commented,
    commenting,
    drafted,
    in_force,
    put_to_vote,
    voted,
)
from tests.publicity.builders import after

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "start_house_rules", "draft_version", "edit_version", "add_article", "edit_article",
        "move_article", "remove_article", "publish_version", "drop_version", "put_to_poll",
        "see_acknowledgements",
    ),
    COMMITTEE,
)  # fmt: skip
WHO_MAY_OF_A_HOME = {
    "comment_on_rules": {"wang", "zhao"},
    "answer_comment": {"lin"},  # chen made it
    "acknowledge_rules": {*COMMITTEE, "wang"},
}
State = RulesVersion.State


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, places):
    version = RulesVersion(neighbourhood=places.here)
    allowed = {who for who in EVERYONE if may(people[who], f"consultation.{act}", version)}
    assert allowed == WHO_MAY[act]


@pytest.mark.parametrize("act", WHO_MAY_OF_A_HOME)
def test_who_may_speak_and_take_note(act, people, places, households):
    version = drafted(people, places)
    subject = (
        RulesAcknowledgement(neighbourhood=places.here, version=version, household=households.wang)
        if act == "acknowledge_rules"
        else ArticleComment(neighbourhood=places.here, version=version, raised_by=people["chen"])
    )
    allowed = {who for who in EVERYONE if may(people[who], f"consultation.{act}", subject)}
    assert allowed == WHO_MAY_OF_A_HOME[act]


def test_rules_of_a_building_are_commented_on_by_those_who_live_in_it(people, places):
    version = commenting(people, places, building=places.building)
    actions.comment_on_rules(version, text="好", by=people["wang"])
    with pytest.raises(PermissionDenied):
        actions.comment_on_rules(version, text="好", by=people["zhao"])


# --- moves ---------------------------------------------------------------------------------------

MOVES = {
    "edit_version": {"draft"},
    "add_article": {"draft"},
    "publish_version": {"draft"},
    "drop_version": {"draft", "commenting", "commented"},
    "put_to_poll": {"commented"},
    "draft_version": {"commented", "in_force", "replaced", "rejected", "dropped"},
    "comment_on_rules": {"commenting"},
    "acknowledge_rules": {"in_force"},
}
GIVEN = {
    "edit_version": {"changes": {"preface": "新"}},
    "add_article": {"heading": "停车", "text": "停在线里。"},
    "publish_version": {"days": 10},
    "drop_version": {"reason": "不写了"},
    "draft_version": {"why": "改停车"},
    "comment_on_rules": {"text": "好"},
}


@pytest.fixture
def in_every_state(people, places):
    """One of each state, each of rules of its own."""
    made = {
        State.DRAFT: drafted(people, places, name="甲"),
        State.COMMENTING: commenting(people, places, name="乙"),
        State.COMMENTED: commented(people, places, name="丙"),
    }
    voting_one = commented(people, places, name="丁")
    put_to_vote(voting_one, people, code="ding")
    made[State.VOTING] = voting_one
    last = in_force(people, places, name="戊")
    made[State.IN_FORCE] = last
    for state, name in ((State.ADOPTED, "己"), (State.REPLACED, "庚")):
        made[state] = _copy(commented(people, places, name=name), last, state)
    for state, name in ((State.REJECTED, "辛"), (State.DROPPED, "壬")):
        version = commented(people, places, name=name)
        RulesVersion.objects.filter(pk=version.pk).update(state=state, drop_reason="不写了")
        made[state] = version
    return {state: again(version) for state, version in made.items()}


def _copy(version, adopted_one, state):
    poll = put_to_vote_quietly(version, adopted_one)
    RulesVersion.objects.filter(pk=version.pk).update(
        state=state, poll=poll, adopted_at=adopted_one.adopted_at,
        in_force_on=adopted_one.in_force_on,
    )  # fmt: skip
    return version


def put_to_vote_quietly(version, adopted_one):
    poll = again(adopted_one).poll
    poll.pk = None
    poll._state.adding = True
    poll.id = type(poll)().id
    poll.code = f"copy-{version.pk}"[:60]
    poll.save()
    return poll


def test_which_act_in_which_state(in_every_state, people, households):
    assert set(in_every_state) == set(State)
    possible = {act: set() for act in MOVES}
    for act in MOVES:
        for state, version in in_every_state.items():
            by = people["wang" if act == "comment_on_rules" else "chen"]
            try:
                with transaction.atomic():
                    if act == "put_to_poll":
                        put_to_vote(version, people, code=f"again-{state}")
                    else:
                        given = GIVEN.get(act, {"household": households.wang})
                        getattr(actions, act)(version, **given, by=by)
                    possible[act].add(state.value)
                    transaction.set_rollback(True)
            except Refused:
                pass
    assert possible == MOVES


# --- articles ------------------------------------------------------------------------------------


def headings(version):
    return [article.heading for article in articles_of(version)]


def test_articles_are_added_moved_changed_and_struck_out(people, places):
    version = drafted(people, places)
    first, second, third = articles_of(version)
    by = {"by": people["chen"]}
    actions.move_article(third, up=True, **by)
    actions.remove_article(first, reason="另有规定", **by)
    actions.edit_article(second, heading="楼道", text="楼道里不堆东西，也不停车。", **by)
    actions.add_article(version, heading="停车", text="停在线里。", **by)
    assert headings(version) == ["养狗", "楼道", "停车"]
    assert [a.position for a in articles_of(version)] == [1, 2, 3]
    struck = version.articles.get(position=None)
    assert (struck.heading, struck.removed_because) == ("装修时间", "另有规定")
    with pytest.raises(Refused, match="最前面"):
        actions.move_article(articles_of(version)[0], up=True, **by)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE consultation_rulesarticle SET text = '换了'",
        "DELETE FROM consultation_rulesarticle WHERE position = 3",
        "UPDATE consultation_articlecomment SET text = '同意'",
        "DELETE FROM consultation_articlecomment",
    ],
)
def test_what_was_put_before_residents_stays(sql, people, places):
    version = commenting(people, places)
    actions.comment_on_rules(version, text="不同意", by=people["wang"])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_published_version_is_changed_only_by_a_new_one(people, places):
    version = commented(people, places)
    article = articles_of(version)[0]
    with pytest.raises(Refused, match="起草新版"):
        actions.edit_article(article, heading="x", text="y", by=people["chen"])
    new = actions.draft_version(version, why="采纳了意见", by=people["chen"])
    assert (new.number, headings(new), new.based_on) == (2, headings(version), version)
    with pytest.raises(Refused, match="还有一版没有办完"):
        actions.draft_version(version, why="再改", by=people["chen"])


# --- comparison ----------------------------------------------------------------------------------


def test_two_versions_are_compared_article_by_article(people, places):
    old = commented(people, places)
    new = actions.draft_version(old, why="采纳意见", by=people["chen"])
    first, second, third = articles_of(new)
    by = {"by": people["chen"]}
    actions.edit_article(first, heading="装修时间", text="每天早上九点到晚上六点可以装修。", **by)
    actions.remove_article(second, reason="另有规定", **by)
    actions.move_article(third, up=True, **by)
    actions.add_article(new, heading="停车", text="停在线里。", **by)
    changes = {
        (change.after or change.before).heading: (change.kind, change.moved)
        for change in compare(old, new)
    }
    assert changes == {
        "养狗": ("same", True), "装修时间": ("changed", False), "停车": ("added", False),
        "楼道": ("removed", False),
    }  # fmt: skip
    changed = next(change for change in compare(old, new) if change.kind == "changed")
    gone = [piece.text for piece in changed.text if piece.kind == "gone"]
    came = [piece.text for piece in changed.text if piece.kind == "new"]
    assert (gone, came) == (["八"], ["九"])
    assert "".join(piece.text for piece in changed.old_text) == "每天早上八点到晚上六点可以装修。"
    assert "".join(piece.text for piece in changed.new_text) == "每天早上九点到晚上六点可以装修。"


def test_foreign_words_are_compared_whole():
    assert [(p.kind, p.text) for p in words("用 WiFi 上网", "用 5G 上网")] == [
        ("same", "用 "), ("gone", "WiFi"), ("new", "5G"), ("same", " 上网"),
    ]  # fmt: skip


# --- comments ------------------------------------------------------------------------------------


def test_comments_are_answered_before_the_vote(people, places):
    version = commenting(people, places)
    article = articles_of(version)[0]
    said = {"text": "九点再开始。", "article": article, "by": people["wang"]}
    comment = actions.comment_on_rules(version, **said)
    assert actions.comment_on_rules(version, **said) == comment
    RulesVersion.objects.filter(pk=version.pk).update(comments_until="2020-01-01")
    actions.close_due_comments(again(version).drafted_at.date())
    version = again(version)
    with pytest.raises(Refused, match="已经过了"):
        actions.comment_on_rules(version, text="晚了", by=people["wang"])
    assert voting(version) == ["还有 1 条意见没有答复"]
    actions.answer_comment(comment, taken=True, answer="改为九点。", by=people["lin"])
    assert voting(version) == []
    deliver_pending()
    texts = list(Notice.objects.filter(reader=people["wang"]).values_list("text", flat=True))
    assert "您对《住户守则》的意见，居委已经答复，请登录门户看。" in texts


def test_a_first_draft_nobody_was_asked_about_is_not_voted_on(people, places):
    version = drafted(people, places)
    assert voting(version) == ["还没有征求过意见"]
    with pytest.raises(Refused, match="征求过意见"):
        put_to_vote(version, people)


# --- the vote and what follows -------------------------------------------------------------------


def test_what_passes_is_posted_and_comes_into_force_once(people, places):
    first = in_force(people, places)
    second = actions.draft_version(first, why="改时间", by=people["chen"])
    actions.publish_version(second, days=15, by=people["chen"])
    RulesVersion.objects.filter(pk=second.pk).update(comments_until="2020-01-01")
    actions.close_comments(second)
    deliver_pending()
    voted(put_to_vote(again(second), people, code="second"), people)
    deliver_pending()
    assert again(second).state == "adopted"
    publicity = Publicity.objects.of("consultation.rules_version", second.pk).get()
    assert (publicity.state, "第1条　装修时间" in publicity.body) == ("posted", True)
    with after(publicity):
        publicities.follow_clock()
        deliver_pending()
        Delivery.objects.update(settled_at=None)  # everything is heard a second time
        deliver_pending()
    first, second = again(first), again(second)
    assert (first.state, second.state) == ("replaced", "in_force")
    assert (first.replaced_on, second.in_force_on) == (second.in_force_on, second.in_force_on)
    task = second.poll.follow_ups.get()
    assert "起生效" in task.note
    assert Publicity.objects.of("consultation.rules_version", second.pk).count() == 1
    acts = Entry.objects.filter(
        act__in=["consultation.adopt_version", "consultation.put_in_force"]
    )
    of_second = [e for e in acts if e.facts["version"] == str(second.pk)]
    assert len(of_second) == 2
    assert headings(first) == headings(second)  # the earlier one stays to be read


def test_what_fails_is_rejected_and_may_be_drafted_anew(people, places):
    version = commented(people, places)
    voted(put_to_vote(version, people), people, choice="no")
    deliver_pending()
    assert again(version).state == "rejected"
    assert not Publicity.objects.exists()
    assert actions.draft_version(version, why="再议", by=people["chen"]).number == 2


def test_a_void_poll_gives_the_version_back(people, places):
    version = commented(people, places)
    poll = put_to_vote(version, people)
    polls.void_poll(poll, reason="写错了", by=people["adi"])
    deliver_pending()
    assert (again(version).state, again(version).poll) == ("commented", None)


def test_the_poll_carries_the_text_it_is_about(people, places):
    poll = put_to_vote(commented(people, places), people)
    assert "每天早上八点到晚上六点可以装修。" in poll.explanation
    assert poll.questions.get().text == "您是否同意住户守则（第 1 版）？"


def test_too_early_nothing_is_adopted(people, places):
    version = commented(people, places)
    put_to_vote(version, people)
    assert rules_voting.adopt_version(version).state == "voting"
    assert rules_voting.put_in_force(version).state == "voting"


# --- pages ---------------------------------------------------------------------------------------


def test_a_household_takes_note_once(client, people, places, households):
    version = in_force(people, places)
    client.force_login(people["wang"])
    page = reverse("consultation:rules_version", args=[version.pk])
    assert "我们家看过了" in client.get(page).content.decode()
    tap = reverse("consultation:acknowledge_rules", args=[version.pk])
    for _n in "12":
        client.post(tap, {"household": households.wang.pk})
    assert "已知晓" in client.get(page).content.decode()
    assert client.post(tap, {"household": households.zhao.pk}).status_code == 404
    assert RulesAcknowledgement.objects.count() == 1
    assert Entry.objects.filter(act="consultation.acknowledge_rules").count() == 1
    client.force_login(people["chen"])
    client.post(tap, {"household": households.zhao.pk, "desk": "1"})
    listed = client.get(reverse("consultation:rules_acknowledgements", args=[version.pk]))
    assert "3 户中 2 户已知晓" in listed.content.decode()


def test_anyone_reads_and_compares_and_names_are_masked(client, people, places):
    version = commenting(people, places)
    actions.comment_on_rules(
        version, text="<i onclick=x>", article=articles_of(version)[0], by=people["wang"]
    )
    text = client.get(reverse("consultation:rules_version", args=[version.pk])).content.decode()
    assert "王*芳" in text
    assert "王桂芳" not in text
    assert "<i onclick" not in text
    RulesVersion.objects.filter(pk=version.pk).update(state="commented")
    new = actions.draft_version(again(version), why="改", by=people["chen"])
    address = reverse("consultation:compare_rules", args=[new.pk, version.pk])
    assert client.get(address).status_code == 404  # a draft is the committee's
    client.force_login(people["chen"])
    actions.edit_article(articles_of(new)[0], heading="装修", text="九点起。", by=people["chen"])
    assert "<ins>" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "name", ["rules_list", "rules_version", "rules_desk", "desk_rules_version"]
)
def test_what_a_page_costs_does_not_grow(
    name, client, people, places, django_assert_max_num_queries
):
    version = commenting(people, places)
    client.force_login(people["chen"])
    address = reverse(f"consultation:{name}", args=[version.pk] if "version" in name else [])
    client.get(address)
    counts = []
    for n in range(3):
        commenting(people, places, name=f"守则{n}")
        article = articles_of(version)[n]
        actions.comment_on_rules(version, text=f"意见{n}", article=article, by=people["wang"])
        with django_assert_max_num_queries(24) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_the_desk_drafts_article_by_article(client, people, places):
    client.force_login(people["chen"])
    client.post(
        reverse("consultation:start_house_rules"),
        {"neighbourhood": places.here.pk, "name": "守则", "preface": "", "building": ""},
    )
    version = RulesVersion.objects.get()
    for heading in ("一", "二"):
        client.post(
            reverse("consultation:add_article", args=[version.pk]),
            {"heading": heading, "text": "条文"},
        )
    second = RulesArticle.objects.get(heading="二")
    client.post(reverse("consultation:move_article", args=[second.pk]), {"to": "up"})
    client.post(reverse("consultation:publish_version", args=[version.pk]), {"days": 10})
    assert (headings(version), again(version).state) == (["二", "一"], "commenting")
