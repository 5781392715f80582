"""Neighbourhoods by the thousand, written by SQL: made-up homes for measuring (生成数据)."""

from django.db import connection
from psycopg import ClientCursor

from caoyang_portal.confidential import ConfidentialField

HOMES = 1499
BUILDINGS = 48

_PLACES = """
WITH s AS (
    INSERT INTO community_subdistrict (id, name, code)
    SELECT gen_random_uuid(), '街道' || n, 'bench-street-' || n
    FROM generate_series(%(first)s, %(last)s) n RETURNING id, code
), h AS (
    INSERT INTO community_neighbourhood (id, sub_district_id, name, code, committee_phone, opening_hours)
    SELECT gen_random_uuid(), s.id, '居民区' || right(s.code, -13), 'bench-' || right(s.code, -13), '', ''
    FROM s RETURNING id, code
)
INSERT INTO community_building (id, neighbourhood_id, work_zone_id, name, number)
SELECT gen_random_uuid(), h.id, NULL, b || '号楼', b FROM h, generate_series(1, %(buildings)s) b
"""

_HOUSEHOLDS = """
INSERT INTO households_household (id, neighbourhood_id, building_id, door, room, part, floor, tenure,
    certificate_number, living_area, area_basis, kitchen, toilet, occupancy, special, strategy, remark,
    search_text, version, created_at)
SELECT gen_random_uuid(), b.neighbourhood_id, b.id, b.number || '号',
    (1 + n / 11) || lpad((1 + n %% 11)::text, 2, '0'), '', 1 + n / 11,
    CASE WHEN n %% 5 = 0 THEN 'private_owner' ELSE 'public_tenant' END, '', 20.5, '', 'shared', 'shared',
    '', '', '', '', '王小明 wangxiaoming wxm ' || b.name || n, 1, now()
FROM community_building b
JOIN community_neighbourhood h ON h.id = b.neighbourhood_id
CROSS JOIN LATERAL generate_series(0, CASE WHEN b.number <= %(over)s THEN %(per)s ELSE %(per)s - 1 END) n
WHERE h.code = ANY(%(codes)s)
"""

_MEMBERS = """
INSERT INTO households_member (id, neighbourhood_id, household_id, role, name, relation, phone,
    phone_index, phone_tail_index, id_number, id_index, is_registered, capacity, guardian, is_deceased,
    "order")
SELECT gen_random_uuid(), x.neighbourhood_id, x.id, 'holder', '王小明', '', %(phone)s,
    md5(x.id::text), left(md5(x.id::text), 8), '', '', true, 'full', '', false, 0
FROM households_household x JOIN community_neighbourhood h ON h.id = x.neighbourhood_id
WHERE h.code = ANY(%(codes)s)
"""

_PROJECTS = """
WITH places AS (SELECT id, code FROM community_neighbourhood WHERE code = ANY(%(codes)s)),
snapshots AS (
    INSERT INTO households_rostersnapshot (id, neighbourhood_id, baseline_date, taken_at, total, roll_hash)
    SELECT gen_random_uuid(), id, '2026-01-05', now(), %(homes)s, repeat('0', 64) FROM places
    RETURNING id, neighbourhood_id
), entries AS (
    INSERT INTO households_snapshotentry (neighbourhood_id, snapshot_id, household_id, building_id,
        tenure, certificate_number, living_area)
    SELECT x.neighbourhood_id, s.id, x.id, x.building_id, x.tenure, '', x.living_area
    FROM households_household x JOIN snapshots s USING (neighbourhood_id)
)
INSERT INTO households_project (id, neighbourhood_id, name, code, kind, legal_basis, stage,
    agreement_mode, scope, resettlement, effect_condition, housing_kind, works_duration, withdrawal_rule,
    first_consent_pct, threshold_pct, baseline_date, snapshot_id, signing_opens_at, signing_closes_at,
    paper_entry_days, paper_entry_reason, created_at)
SELECT gen_random_uuid(), p.id, '改造 ' || p.code, p.code, 'complete_set_renovation', '', 'signing',
    'agreed', '', '', '', '', '', '', 80, 95, '2026-01-05', s.id, now() - interval '1 day',
    now() + interval '90 days', 5, '原件送回要几天', now()
FROM places p JOIN snapshots s ON s.neighbourhood_id = p.id
"""


def neighbourhoods(first: int, last: int) -> int:
    """Write neighbourhoods number ``first`` to ``last``, 1,499 households each; returns how many there are."""
    phone = ConfidentialField().get_prep_value("+8613800000000")
    for low in range(first, last + 1, 50):
        high = min(low + 49, last)
        values = {
            "first": low,
            "last": high,
            "buildings": BUILDINGS,
            "codes": [f"bench-{n}" for n in range(low, high + 1)],
            "per": HOMES // BUILDINGS,
            "over": HOMES % BUILDINGS,
            "phone": phone,
            "homes": HOMES,
        }
        connection.ensure_connection()
        with ClientCursor(connection.connection) as cursor:
            # Keys are right by construction.
            cursor.execute("SET session_replication_role = replica")
            for statement in (_PLACES, _HOUSEHOLDS, _MEMBERS, _PROJECTS):
                cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = origin")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM households_household")
        return cursor.fetchone()[0]
