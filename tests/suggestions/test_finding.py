"""Finding suggestions: by words in title, reasons, measures and answers; page by page; by the index."""

import threading

import pytest
from django.db import connection

from caoyang_portal.bigrams import looked_up
from caoyang_portal.community.models import Organisation
from suggestions.models import Endorsement, Reply, Suggestion
from suggestions.queries import finding
from suggestions.queries import suggestions as queries
from suggestions.queries.finding import find
from tests.suggestions.finding_builders import suggested


def titles(text, **how):
    found = find(Suggestion.objects.public(), text, size=20, **how)
    return [one.title for one in found.leaf.rows]


@pytest.fixture
def three(places):
    return [
        suggested(places.here, "花坛边装充电桩", "电瓶车没地方充电。"),
        suggested(places.here, "菜场开晚一点", "下班买不到菜。", measures="和ＡＰＰ一起"),
        suggested(places.there, "修一修电梯", "12层的老人下不来。"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("充电", ["花坛边装充电桩"]),
        ("桩", ["花坛边装充电桩"]),
        ("电", ["修一修电梯", "花坛边装充电桩"]),
        ("电充", []),
        ("充电 花坛", ["花坛边装充电桩"]),
        ("app", ["菜场开晚一点"]),
        ("１２层", ["修一修电梯"]),
        ("，。", ["修一修电梯", "菜场开晚一点", "花坛边装充电桩"]),
        ("", ["修一修电梯", "菜场开晚一点", "花坛边装充电桩"]),
        ("'; drop table", []),
        ("周秀英", []),
    ],
)
def test_what_words_find(three, text, found):
    assert titles(text) == found


def test_it_is_found_by_its_number(three):
    assert titles(three[1].number) == ["菜场开晚一点"]


def test_an_answer_is_found_and_a_changed_word_is_not(three, people, places):
    """Whoever writes the rows, and in whichever way: no act can forget the index."""
    one = three[0]
    unit = Organisation.objects.create(
        sub_district=places.street, kind="department", name="城建中心"
    )
    reply = Reply.objects.create(
        neighbourhood=one.neighbourhood, suggestion=one, round=1, unit=unit, verdict="partly",
        text="先装六个桩位。", why="变压器不够", replied_by=people["chen"],
    )  # fmt: skip
    assert (titles("桩位"), titles("变压器")) == ([one.title], [one.title])
    Suggestion.objects.filter(pk=one.pk).update(reasons="没地方停。")
    assert titles("电瓶车") == []
    Reply.objects.filter(pk=reply.pk).update(text="再等等。")
    assert (titles("桩位"), titles("再等")) == ([], [one.title])


@pytest.mark.parametrize("order", finding.ORDERS)
def test_pages_go_on_and_back_without_a_gap(places, order):
    made = [
        suggested(places.here, f"第{n}条", replied_at=f"2026-04-{1 + n // 3:02d}T00:00Z")
        for n in range(11)
    ]
    public = Suggestion.objects.public()
    seen, after, pages = [], "", []
    while True:
        leaf = find(public, "第", order=order, after=after, size=4).leaf
        pages.append([one.pk for one in leaf.rows])
        seen += leaf.rows
        if not leaf.after:
            break
        after = leaf.after
    assert [len(page) for page in pages] == [4, 4, 3]
    assert {one.pk for one in seen} == {one.pk for one in made}
    back = find(public, "第", order=order, before=leaf.before, size=4).leaf
    assert [one.pk for one in back.rows] == pages[1]
    assert back.before
    first = find(public, "第", order=order, before=back.before, size=4).leaf
    assert ([one.pk for one in first.rows], first.before) == (pages[0], "")


@pytest.mark.parametrize(
    "strange", ["x", "~", "2026-01-01~x", "9" * 40 + "~x", "2026-01-01T00:00:00~", "\x00"]
)
@pytest.mark.parametrize("order", finding.ORDERS)
def test_a_strange_page_is_the_first(three, strange, order):
    first = find(Suggestion.objects.public(), size=20, order=order)
    assert find(Suggestion.objects.public(), size=20, order=order, after=strange) == first


@pytest.mark.parametrize("most", [2, 3])
def test_a_common_word_is_read_and_counted_no_further(three, monkeypatch, most):
    """The same page whichever way it is found; the count says when it stopped."""
    monkeypatch.setattr(finding, "MOST_COUNTED", most)
    suggested(three[0].neighbourhood, "电灯")
    found = find(Suggestion.objects.public(), "电", size=2)
    assert [one.title for one in found.leaf.rows] == ["电灯", "修一修电梯"]
    assert (found.count, found.is_more) == (min(most, 3), most == 2)
    whole = find(Suggestion.objects.public(), size=2)
    assert (whole.count, whole.is_more) == (most, True)


def test_the_index_is_used_and_led_by_the_neighbourhood(places):
    """With ten thousand rows the planner prefers it by itself, for a pair and for a single letter."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO suggestions_suggestion (id, neighbourhood_id, number, category, title, reasons,
                measures, spot, original_title, original_reasons, original_measures, change_reason,
                source, source_note, proposer_name, proposer_phone, confirmed, name_shown,
                submitted_at, published_at, state, round, reply_by, next_step, next_on, rung,
                elsewhere, answer, search_text, supporters)
            SELECT gen_random_uuid(), (%s::uuid[])[1 + n %% 2], 'x' || n, 'other', '第' || n || '条', '路灯' || n, '', '', '',
                '', '', '', 'online', '', '周秀英', '', '', 'masked', now(), now(), 'submitted', 1,
                now(), '受理', now(), 0, '', '', '', 1
            FROM generate_series(1, 10000) n
            """,
            [[places.here.pk, places.there.pk]],
        )
        cursor.execute("ANALYZE suggestions_suggestion")
    for text in ("花坛", "坛"):
        for rows in (
            Suggestion.objects.public(),
            Suggestion.objects.public().filter(neighbourhood=places.here),
        ):
            plan = looked_up(rows, text).order_by().values("pk")[:1001].explain()
            assert "Bitmap Index Scan on suggestion_by_words" in plan
    assert "neighbourhood_id" in plan.split("suggestion_by_words")[1]


def agreed(*suggestions):
    """How many want each, as kept; and the same, counted."""
    for one in suggestions:
        one.refresh_from_db()
    assert [one.supporters for one in suggestions] == [queries.supporters(o) for o in suggestions]
    return [one.supporters for one in suggestions]


def endorse(one, who):
    return Endorsement.objects.create(neighbourhood=one.neighbourhood, suggestion=one, user=who)


def test_supporters_are_counted_as_they_come_and_go(three, people):
    lights, market, _far = three
    Suggestion.objects.filter(pk=lights.pk).update(proposed_by=people["wang"])
    assert agreed(lights, market) == [1, 1]
    first = endorse(lights, people["zhao"])
    endorse(market, people["zhao"])
    endorse(market, people["sun"])
    assert agreed(lights, market) == [2, 3]
    market.state, market.merged_into = "merged", lights
    market.save(update_fields=["state", "merged_into"])
    assert agreed(lights, market) == [4, 3]  # 王桂芳, 周秀英, 赵大勇 once, 孙丽
    endorse(market, people["hu"])
    assert agreed(lights, market) == [5, 4]
    first.delete()
    assert agreed(lights, market) == [5, 4]
    market.state, market.merged_into = "submitted", None
    market.save(update_fields=["state", "merged_into"])
    assert agreed(lights, market) == [1, 4]


@pytest.mark.django_db(transaction=True)
def test_two_who_tap_at_once_are_two(places, people):
    one = suggested(places.here, "装扶手")
    ready = threading.Barrier(2)

    def tap(who):
        ready.wait()
        endorse(one, people[who])
        connection.close()

    taps = [threading.Thread(target=tap, args=(who,)) for who in ("wang", "zhao")]
    [tap.start() for tap in taps]
    [tap.join() for tap in taps]
    assert agreed(one) == [3]
