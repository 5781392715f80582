"""Suggestions at 1,000, 20,000 and 1,500,000: lists, searches, and how fast one is sent (建议).

Everything is asked of one neighbourhood and of all of them; what counts is how many times longer
it takes with the most than with the fewest.
"""

import random
import time
from urllib.parse import quote

from django.db import connection
from django.urls import reverse

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import blind_index
from suggestions.models import Suggestion, SuggestionDraft
from tests.bench import homes, load, servers

PER_PLACE = 1500
PHRASES = 4000
LETTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
    "而方后多定行学法所民得经进着等部度家力里如水化高自理起小物现实加量都两体制机当使点从业本去把性好应开合"
    "还因由其些然前外天政四日社义事平形全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条"
)
COMMON, SOME, RARE = "电梯", "充电桩", "听雨轩"

_PLACES = """
WITH s AS (
    INSERT INTO community_subdistrict (id, name, code)
    SELECT gen_random_uuid(), '街道' || n, 'wish-street-' || n
    FROM generate_series(%(first)s::int, %(last)s::int) n RETURNING id, code
)
INSERT INTO community_neighbourhood (id, sub_district_id, name, code, committee_phone, opening_hours)
SELECT gen_random_uuid(), s.id, '居民区' || right(s.code, -12), 'wish-' || right(s.code, -12), '', '' FROM s
"""
# One in ten says the common word, one in a hundred the other, one in 50,000 the rare one.
_ROWS = """
INSERT INTO suggestions_suggestion (id, neighbourhood_id, number, category, title, reasons, measures,
    spot, original_title, original_reasons, original_measures, change_reason, source, source_note,
    proposer_name, proposer_phone, confirmed, name_shown, submitted_at, published_at, state, round,
    reply_by, next_step, next_on, rung, elsewhere, answer, supporters, search_text)
SELECT gen_random_uuid(), h.id, 'w' || n, (ARRAY['housing','traffic','elderly','other'])[1 + n %% 4],
    left(said, 20), said, '', '', '', '', '', '', 'online', '', '周秀英', '', '', 'masked',
    timestamptz '2026-11-01' - n %% 1800 * interval '1 day' - n * interval '1 second',
    '2026-11-02', 'submitted', 1, '2026-12-01', '受理', '2026-11-20', 0, '', '',
    1 + n %% 97, plain_text('w' || n || E'\\n' || said)
FROM generate_series(%(low)s::int, %(high)s::int) n
JOIN community_neighbourhood h ON h.code = 'wish-' || (1 + (n - 1) / %(per)s)
CROSS JOIN LATERAL (
    SELECT string_agg((%(phrases)s::text[])[1 + floor(random() * %(of)s)::int], '，') ||
        CASE WHEN n %% 10 = 0 THEN '。' || %(common)s ELSE '' END ||
        CASE WHEN n %% 100 = 1 THEN '。' || %(some)s ELSE '' END ||
        CASE WHEN n %% 50000 = 7 THEN '。' || %(rare)s ELSE '' END AS said
    FROM generate_series(1, 16) k WHERE n = n
) AS words
"""


def measure(*, quick: bool) -> dict:
    """The same pages at every size, then the growth; sending is measured at the first."""
    sizes = [1000, 20_000] if quick else [1000, 20_000, 1_500_000]
    looks = 60 if quick else 200
    figures: dict = {}
    pages: dict = {}
    have = 0
    for size in sizes:
        began = time.perf_counter()
        _grow(have, size)
        have = size
        made = round(time.perf_counter() - began, 1)
        pages[size] = {"made": {"rows": size, "seconds": made}} | _looks(looks)
    figures["sending"] = _sending(100 if quick else 400)
    least, most = pages[sizes[0]], pages[sizes[-1]]
    growth = {
        name: round(most[name]["alone_p50_ms"] / least[name]["alone_p50_ms"], 2)
        for name in least
        if name != "made"
    }
    return pages | {f"growth of p50 from {sizes[0]} to {sizes[-1]}": growth} | figures


def _grow(have: int, size: int) -> None:
    """Rows from number ``have`` on; the index of words is built anew where that is quicker."""
    words = random.Random(5)
    values = {
        "phrases": ["".join(words.choices(LETTERS, k=words.randint(4, 9))) for _n in range(PHRASES)],
        "of": PHRASES, "per": PER_PLACE, "common": COMMON, "some": SOME, "rare": RARE,
    }  # fmt: skip
    (index,) = [one for one in Suggestion._meta.indexes if one.name == "suggestion_by_words"]
    with connection.cursor() as cursor:
        first, last = (-(-have // PER_PLACE)) + 1, -(-size // PER_PLACE)
        if last >= first:
            cursor.execute(_PLACES, {"first": first, "last": last})
        with connection.schema_editor() as schema:
            schema.remove_index(Suggestion, index)
        cursor.execute("SET session_replication_role = replica")  # keys and texts are right
        for low in range(have + 1, size + 1, 50_000):
            high = min(low + 49_999, size)
            cursor.execute(_ROWS, values | {"low": low, "high": high})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        with connection.schema_editor() as schema:
            schema.add_index(Suggestion, index)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("VACUUM ANALYZE suggestions_suggestion")


def _looks(count: int) -> dict:
    place = Neighbourhood.objects.get(code="wish-1")
    resident = {"Host": "localhost"} | homes.headers_of(_somebody(0))
    here, everywhere = f"place={place.pk}", "place=all"
    asked = {
        "list of all": everywhere,
        "list of a place": here,
        "most supported of all": f"{everywhere}&order=supported",
        "a common word of all": f"{everywhere}&q={quote(COMMON)}",
        "some word of all": f"{everywhere}&q={quote(SOME)}",
        "a rare word of all": f"{everywhere}&q={quote(RARE)}",
        "one letter of all": f"{everywhere}&q={quote('桩')}",
        "a word nobody said": f"{everywhere}&q={quote('鲸鱼')}",
        "a common word of a place": f"{here}&q={quote(COMMON)}",
        "one letter of a place": f"{here}&q={quote('梯')}",
    }
    middle = Suggestion.objects.order_by("submitted_at")[Suggestion.objects.count() // 2]
    after = quote(f"{middle.submitted_at.isoformat()}~{middle.pk}")
    asked["a page half-way down"] = f"{everywhere}&after={after}"
    figures = {}
    with servers.web() as port:
        for name, query in asked.items():
            one = load.Request(
                "GET", f"{reverse('suggestions:suggestion_list')}?{query}", "", resident
            )
            load.run(port, [one] * 16, clients=8)
            alone = load.run(port, [one] * max(20, count // 4), clients=1).figures()
            figures[name] = load.run(port, [one] * count, clients=8).figures() | {
                "alone_p50_ms": alone["p50_ms"],
                "alone_p99_ms": alone["p99_ms"],
            }
    return figures


def _somebody(number: int) -> str:
    """The session of somebody without a home here."""
    phone = f"+86138{70_000_000 + number:08d}"
    user = User.objects.by_phone(phone) or User.objects.create(
        phone=phone, phone_index=blind_index(phone, "user"), name="周秀英", password="!"
    )
    session = homes.session_of(user)
    session.save()
    return session.session_key


def _sending(count: int) -> dict:
    """The last page of making one, each by somebody else: number, row, promise, step, ledger."""
    places = list(Neighbourhood.objects.filter(code__startswith="wish-")[:8])
    path = reverse("suggestions:make_suggestion", args=["name"])
    requests = []
    for number in range(1, count + 1):
        session = _somebody(number)
        user = User.objects.by_phone(f"+86138{70_000_000 + number:08d}")
        SuggestionDraft.objects.create(
            neighbourhood=places[number % len(places)], user=user, category="traffic",
            where_said=True, title=f"装充电桩 {number}", reasons="飞线充电不安全。",
        )  # fmt: skip
        body = f"name_shown=masked&csrfmiddlewaretoken={'x' * 32}"
        requests.append(load.Request("POST", path, body, homes.headers_of(session)))
    with servers.web() as port:
        return {
            "one place a client": load.run(port, requests, clients=8, expect=302).figures(),
        }
