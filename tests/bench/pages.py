"""Pages at 1,499, 150,000 and 1,500,000 households: server time at 8 clients (页面)."""

import time

from django.urls import reverse

from caoyang_portal.community.models import Neighbourhood, Posting, User
from caoyang_portal.confidential import blind_index
from households.models import Household, Project
from tests.bench import generated, homes, load, servers

RESIDENT = "+8613901000000"  # the first that homes.ready() makes in bench-1


def at(size: int, count: int) -> dict:
    """The same pages again when there are about ``size`` households in all."""
    have = Neighbourhood.objects.filter(code__startswith="bench-").count()
    began = time.perf_counter()
    households = generated.neighbourhoods(have + 1, size // generated.HOMES)
    made = round(time.perf_counter() - began, 1)
    return {"made": {"households": households, "seconds": made}} | measure(count)


def growth(pages: dict[int, dict]) -> dict[str, float]:
    """How many times longer a page takes with the most households than with the fewest, one client."""
    least, most = pages[min(pages)], pages[max(pages)]
    names = [name for name in least if name in most]
    return {
        name: round(most[name]["alone_p50_ms"] / least[name]["alone_p50_ms"], 2) for name in names
    }


def measure(count: int) -> dict:
    """p50 and p99 of the list, a search, the file, the boards and the resident's home."""
    place = Neighbourhood.objects.get(code="bench-1")
    project = Project.objects.get(neighbourhood=place)
    home = Household.objects.filter(neighbourhood=place).order_by("pk").first()
    staff = homes.headers_of(committee(place))
    mine = homes.headers_of(resident(place))
    pages = {
        "list": (reverse("households:household_list"), staff),
        "search by pinyin": (reverse("households:household_list") + "?q=wxm", staff),
        "file": (reverse("households:household_detail", args=[home.pk]), staff),
        "board": (reverse("households:board", args=[project.pk]), staff),
        "grid": (reverse("households:grid", args=[project.pk]), staff),
        "resident home": (reverse("households:home"), mine),
        "public board": (reverse("households:public_board", args=[project.code]), {}),
        "board.json": (reverse("households:board_json", args=[project.code]), {}),
    }
    figures = {}
    with servers.web() as port:
        for name, (path, headers) in pages.items():
            asked = load.Request("GET", path, "", {"Host": "localhost"} | headers)
            requests = [asked] * count
            load.run(port, requests[:48], clients=8)
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


def resident(place) -> str:
    """The session of somebody whose home is about to be signed for."""
    signed_in = User.objects.filter(phone_index=blind_index(RESIDENT, "user")).first()
    if signed_in:
        session = homes.session_of(signed_in)
        session.save()
        return session.session_key
    (home,) = homes.ready(place, 1)
    return home.session
