"""Rate limits that outlive Redis and are shared by every process (限次)."""

import hashlib

from django.db import connection


def allow(key: str, limit: int, seconds: int) -> bool:
    """Count one more ``key`` and say whether that is at most ``limit`` within ``seconds``.

    One statement, so that parallel callers are all counted. Inside a transaction that is rolled
    back the count goes with it: call it before the transaction where a refusal must still count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO community_countedwindow AS w (key, began_at, count)
            VALUES (%(key)s, clock_timestamp(), 1)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN w.began_at <= clock_timestamp() - %(span)s * interval '1 second'
                             THEN 1 ELSE w.count + 1 END,
                began_at = CASE WHEN w.began_at <= clock_timestamp() - %(span)s * interval '1 second'
                                THEN clock_timestamp() ELSE w.began_at END
            RETURNING count
            """,
            {"key": hashlib.sha256(key.encode()).hexdigest(), "span": seconds},
        )
        return cursor.fetchone()[0] <= limit
