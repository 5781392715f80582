"""Pages at 1,499, 150,000 and 1,500,000 households: server time at 8 clients (页面)."""

import time

from django.conf import settings
from django.urls import reverse

from caoyang_portal.community.models import Neighbourhood, Posting, User
from caoyang_portal.confidential import blind_index
from households.models import Household, Project
from tests.bench import generated, homes, load, servers


def measure(sizes: list[int], count: int) -> dict:
    """p50 and p99 of the list, a search, the file, the grid and the boards, at each size."""
    result = {}
    for size in sizes:
        have = Neighbourhood.objects.filter(code__startswith="bench-").count()
        began = time.perf_counter()
        count_of_homes = generated.neighbourhoods(have + 1, size // generated.HOMES)
        made = round(time.perf_counter() - began, 1)
        result[count_of_homes] = {"generated_in_s": made} | _at_this_size(count)
    return result


def _at_this_size(count: int) -> dict:
    place = Neighbourhood.objects.get(code="bench-1")
    project = Project.objects.get(neighbourhood=place)
    home = Household.objects.filter(neighbourhood=place).first()
    cookie = f"{settings.SESSION_COOKIE_NAME}={committee(place)}"
    pages = {
        "list": reverse("households:household_list"),
        "search by pinyin": reverse("households:household_list") + "?q=wxm",
        "file": reverse("households:household_detail", args=[home.pk]),
        "board": reverse("households:board", args=[project.pk]),
        "grid": reverse("households:grid", args=[project.pk]),
        "public board": reverse("households:public_board", args=[project.code]),
        "board.json": reverse("households:board_json", args=[project.code]),
    }
    headers = {"Cookie": cookie, "Host": "localhost", "X-Forwarded-Proto": "https"}
    figures = {}
    with servers.web() as port:
        for name, path in pages.items():
            requests = [load.Request("GET", path, "", headers)] * count
            load.run(port, requests[:16], clients=8)
            alone = load.run(port, requests[: max(20, count // 4)], clients=1).figures()
            figures[name] = load.run(port, requests, clients=8).figures() | {
                "alone_p50_ms": alone["p50_ms"],
                "alone_p99_ms": alone["p99_ms"],
            }
    return figures


def committee(place) -> str:
    phone = "+8613911111111"
    user = User.objects.by_phone(phone) or User.objects.create(
        phone=phone, phone_index=blind_index(phone, "user"), name="陈静", password="!"
    )
    Posting.objects.get_or_create(
        user=user,
        office="committee",
        sub_district=place.sub_district,
        neighbourhood=place,
        defaults={"since": "2020-01-01"},
    )
    session = homes.session_of(
        user,
        account_authentication_methods=[{"method": "mfa", "at": time.time()}],
        account_authentication_methods_user=str(user.pk),
    )
    session.save()
    return session.session_key
