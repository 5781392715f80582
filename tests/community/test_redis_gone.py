"""With Redis gone, and the broker with it, people sign in and codes are counted all the same."""

import pytest

from caoyang_portal.community.codes import issue_code, verify_code
from caoyang_portal.community.limits import allow
from tests.community.conftest import last_code

CLOSED = "redis://127.0.0.1:9/0"  # discard: nobody listens


@pytest.mark.django_db(transaction=True)
def test_sign_in_and_codes_need_no_redis(client, people, settings):
    settings.CELERY_BROKER_URL = CLOSED
    settings.CACHES = settings.CACHES | {
        "fast": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CLOSED}
    }
    client.post("/accounts/login/code/", {"phone": "13800000101"})
    client.post("/accounts/login/code/confirm/", {"code": last_code("0101")})
    assert client.get("/me/").status_code == 200
    issued = issue_code(people["wang"], "sign", "agreement:1", "here", ip="203.0.113.7")
    assert verify_code(people["wang"], "sign", "agreement:1", issued.clear, "here").used_at
    assert allow("anything", 1, 60)
