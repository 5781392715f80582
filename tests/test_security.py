"""What holds at every address at once: looking changes nothing, headers, tokens, strangers' ids, fuzz."""

import datetime as dt
import logging
import re

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from caoyang_portal.community.models import Posting
from caoyang_portal.ledger.models import Entry
from households.models import Agreement, Household, Signature
from tests.conftest import EVERYONE
from tests.matrix.asking import ask, clients, drawn, undrawn, url_of
from tests.matrix.roles import SIGNED_IN, people
from tests.matrix.rows import GROUPS
from tests.matrix.tables import contents, contents_of, strays
from tests.matrix.venom import VENOM, poison

ROWS = [row for group in GROUPS.values() for row in group]
LOOKING = [row for row in ROWS if "GET" in row.methods.split()]
DOING = [row for row in ROWS if "POST" in row.methods.split()]
# One of each office, a resident and whoever waits to be one; how many pages at least show them venom.
LOOKERS = {
    "passerby": 40, "wang": 120, "sun": 45, "lou": 90, "chen": 280, "deng": 110, "mei": 90, "gu": 90,
    "shen": 80, "adi": 100,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def look(browser, row, target, **more):
    """A GET that stays: nothing is taken back."""
    query = row.query(target) if row.query else {}
    return browser.get(url_of(row, target), query_params=query | more.pop("asked", {}), **more)


def gets_in(who, row, target="own") -> bool:
    return who in people(row.may, target)


# --- looking -------------------------------------------------------------------------------------

# Looking is written down where the law says so (PIPL art. 51), and counted; nothing else moves.
WRITTEN_DOWN = ("FileReading", "SigningProgress", "CountedWindow", "Entry", "Head")
READING = {"households.read_file", "households.note_reading"}
PUBLIC_FIGURES = {"households:board_json"}  # the same for everyone, for mirrors
PART = {"HX-Request": "true"}


@pytest.mark.parametrize("who", LOOKERS)
def test_looking(who, world):
    """It changes nothing; every answer carries the headers and nothing inline; venom is inert."""
    assert poison() > 60
    browser = clients(world.people)[who]
    before = contents(but=WRITTEN_DOWN)
    acts_before = set(Entry.objects.values_list("pk", flat=True))
    faults, seen = {}, 0
    for row, target, headers in glances(who):
        with drawn(gets_in(who, row, target)):
            answer = look(browser, row, world.targets[target], headers=headers)
        public = who == "passerby" or row.name in PUBLIC_FIGURES
        found = faults_of(answer, kept_private=not public)
        if answer.status_code >= 500 and not row.name.endswith("readyz"):
            found.append("breaks")
        if found:
            faults[row.name, target, answer.status_code] = found
        seen += HARMLESS in body_of(answer)
    after = contents(but=WRITTEN_DOWN)
    assert faults == {}
    assert {table for table in after if after[table] != before[table]} == set()
    noted = Entry.objects.exclude(pk__in=acts_before).values_list("act", flat=True)
    assert set(noted) <= READING
    assert seen >= LOOKERS[who]  # the pages did show it


def glances(who):
    """Whole pages of one's own place and of next door; the parts of those that open."""
    for row in LOOKING:
        for target in ("own", "next"):
            if target in row.targets:
                yield row, target, {}
        if gets_in(who, row):
            yield row, "own", PART


def body_of(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def faults_of(answer, *, kept_private) -> list[str]:
    headers, found = answer.headers, []
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        found.append(f"policy {policy!r}")
    if "frame-ancestors 'none'" not in policy and not policy.startswith("sandbox"):
        found.append("may be framed")
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("may be sniffed")
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append("tells where one comes from")
    if headers.get("X-Frame-Options") != "DENY":
        found.append("no X-Frame-Options")
    if kept_private and "no-store" not in headers.get("Cache-Control", ""):
        found.append(f"kept by the browser: {headers.get('Cache-Control')}")
    if headers.get("Content-Type", "").startswith("text/html"):
        found += _inline(answer.content.decode())
    return found


HARMLESS = escape(VENOM).encode()


def _inline(page) -> list[str]:
    found = [bite for bite in (VENOM, "<i onclick") if bite in page]
    page = page.replace(HARMLESS.decode(), "")
    found += re.findall(r"<style|<[a-z][^>]*\s(?:style|on[a-z]+)\s*=", page)
    found += [
        f"inline {tag}"
        for tag in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
        if "application/json" not in tag
    ]
    if 'data-room="staff"' not in page:
        found += re.findall(r"<[^>]*\starget=\"?_blank|<button[^>]*\sdisabled|alert\(", page)
    return found


def test_refusals_and_faults_carry_them_too(world, monkeypatch):
    wang = clients(world.people)["wang"]
    answers = [
        wang.get("/nowhere/"),
        wang.post("/elder/", {"elder": "0"}),
        wang.get("/elder/"),
        wang.get(reverse("households:household_detail", args=[world.own.household.pk])),
        wang.get("/", headers={"host": "evil.example"}),
        wang.post(reverse("households:raise_remark", args=[world.own.plan.pk]), {}),
    ]
    monkeypatch.setattr("households.views.home.homes_of", lambda user: 1 / 0)
    answers.append(wang.get(reverse("households:home")))
    assert [answer.status_code for answer in answers] == [404, 302, 405, 403, 400, 422, 500]
    assert [faults_of(answer, kept_private=True) for answer in answers] == [[]] * 7


# --- doing ---------------------------------------------------------------------------------------


def test_nothing_is_done_without_the_page_s_token(world):
    let_through = []
    for who in ("passerby", "wang", "chen", "adi"):
        browser = Client(enforce_csrf_checks=True)
        if who != "passerby":
            browser.force_login(world.people[who])
        for row in DOING:
            if row.name == "csp_report":  # a browser sends it by itself; it changes nothing
                continue
            with undrawn():
                answer = ask(browser, row, world.own, "POST")
            if answer.status_code != 403:
                let_through.append((row.name, who, answer.status_code))
    assert let_through == []


def junk(world) -> dict:
    """What a form never asks for."""
    there = world.targets["next"]
    return {
        "state": "signed", "stage": "effective", "status": "signed", "is_staff": "1",
        "is_superuser": "1", "is_active": "0", "office": "administrator",
        "neighbourhood": str(there.neighbourhood.pk), "neighbourhood_id": str(there.neighbourhood.pk),
        "household": str(there.household.pk), "household_id": str(there.household.pk),
        "project": str(there.project.pk), "building": str(there.household.building_id),
        "by": str(world.people["fang"].pk), "user": str(world.people["fang"].pk),
        "signed_at": "2026-01-01", "verified_at": "2026-01-01", "approved_at": "2026-01-01",
        "published_at": "2026-01-01", "signer": str(world.people["wang"].pk),
        "member": str(there.member.pk), "principal": str(there.member.pk),
        "template": str(there.template.pk), "plan": str(there.plan.pk),
        "responsible": str(world.people["fang"].pk), "implementer": str(there.household.pk),
        "document": str(there.job.file_id), "file": str(there.job.file_id),
        "picks": str(there.household.pk), "pick": str(there.household.pk),
        "ids": str(there.household.pk), "notices": str(there.notice.pk),
    }  # fmt: skip


# What the forms do ask for, where they share a name.
HONEST = {
    "text": "记一笔", "note": "记一笔", "reason": "本人要求", "name": "张三", "way": "door",
    "outcome": "met", "kind": "question", "summary": "独用厨卫", "go": "1", "reply": "已核实",
    "outcome_state": "kept", "role": "registered", "relation": "儿子", "title": "户型图",
    "code": "abc", "key_points": "一点", "body": "<h2>一</h2><p>二</p>", "special": "unreachable",
    "strategy": "多上门", "version": "1", "next_on": "2030-01-01", "happened_on": "2026-01-01",
    "columns": "address", "only_good_rows": "1", "rows": "good", "changes": "改了",
}  # fmt: skip


@pytest.mark.parametrize("who", ["wang", "chen", "lou", "deng", "adi"])
def test_what_a_form_does_not_ask_for_is_not_taken(world, who):
    """Nothing next door moves, nobody gains an office, nothing is signed, no row points next door."""
    browser = clients(world.people)[who]
    there = world.targets["next"].neighbourhood
    next_door = contents_of(there)
    trouble, done = [], 0
    for row in DOING:
        if who not in people(row.may, "own") or row.name.startswith(("account_", "mfa_")):
            continue
        given = junk(world) | HONEST | (row.data(world.own) if row.data else {})
        if row.name == "notices:read_notices":
            given["notices"] = world.own.notice.pk
        with transaction.atomic():
            answer = browser.post(url_of(row, world.own), given)
            now = contents_of(there)
            # One's own account is one's own: its large type and language.
            moved = {table for table in now if now[table] != next_door[table]} - (
                {"community_user"}
                if row.name in ("community:elder", "community:language")
                else set()
            )
            signed = Agreement.objects.signed().exists() or Signature.objects.exists()
            done += answer.status_code in (200, 302)
            if answer.status_code >= 500 or moved or signed or strays():
                trouble.append((row.name, answer.status_code, moved, signed, strays()))
            transaction.set_rollback(True)
    assert trouble == []
    assert done >= {"wang": 15, "chen": 40, "lou": 5, "deng": 3, "adi": 5}[who]


def test_ids_of_the_neighbourhood_next_door_are_refused(world):
    """A selection, a choice or an address with a stranger's id does nothing (safety case 22)."""
    chen, own, theirs = clients(world.people)["chen"], world.own, world.targets["next"]
    before = contents_of(theirs.neighbourhood)
    selection = {"picks": f"{own.household.pk},{theirs.household.pk}", "go": "1"}
    tries = [
        ("assign_responsible", [], selection | {"responsible": world.people["lin"].pk}),
        ("plan_contact", [], selection | {"day": "2030-01-01", "next_contact_on": "2030-01-01"}),
        ("issue_letters", [], selection),
        ("export_households", [], selection | {"columns": ["address", "holders"]}),
        ("make_agreement", [world.targets["other"].household.pk], {"template": theirs.template.pk}),
        (
            "supersede_agreement", [own.agreement.pk],
            {"template": theirs.template.pk, "reason": "换一版"},
        ),
        ("start_generation", [own.project.pk], {"template": theirs.template.pk}),
        ("start_project", [], {
            "neighbourhood": theirs.neighbourhood.pk, "name": "甲", "code": "jia",
            "kind": "complete_set_renovation",
        }),
        ("link_at_counter", [own.household.pk], {
            "member": theirs.member.pk, "phone": "13800009999", "seen": ["id"],
        }),
        ("unmask_phone", [own.household.pk, theirs.member.pk], {"reason": "核对号码"}),
        ("remove_contact", [own.household.pk, theirs.contact.pk], {}),
        ("remove_care_tag", [own.household.pk, theirs.tag.pk], {}),
        ("approve_mandate", [own.household.pk, theirs.mandate.pk], {}),
        ("end_residency", [own.household.pk, theirs.waiting.pk], {"reason": "搬走"}),
    ]  # fmt: skip
    answers = {}
    for name, args, given in tries:
        answer = chen.post(reverse(f"households:{name}", args=args), given)
        assert "胡杰" not in answer.content.decode(errors="ignore"), name
        answers[name] = answer.status_code
    assert set(answers.values()) <= {302, 404, 422}, answers
    assert contents_of(theirs.neighbourhood) == before
    assert strays() == []
    moved = Household.objects.exclude(next_contact_on=None) | Household.objects.exclude(
        responsible=None
    )
    assert not moved.exists()  # not even one's own half of the selection


EVIL = dict.fromkeys(("next", "back", "query", "return", "url", "here"), "//evil.example/")


@pytest.mark.parametrize("who", ["passerby", "wang", "chen"])
def test_no_redirect_leads_off_the_portal(who, world):
    browser = clients(world.people)[who]
    strayed = []
    for row in ROWS:
        for method in row.methods.split():
            if who != "passerby" and who not in people(f"{row.may} {row.away}", "own"):
                continue
            cookies = browser.cookies.copy()
            with transaction.atomic(), undrawn():
                answer = getattr(browser, method.lower())(
                    url_of(row, world.own), EVIL, headers={"referer": "http://evil.example/"}
                )
                transaction.set_rollback(True)
            browser.cookies = cookies
            if re.match(r"(https?:)?//", answer.headers.get("Location", "")):
                strayed.append((row.name, answer.headers["Location"]))
    assert strayed == []


# --- fuzz ----------------------------------------------------------------------------------------

ODD = [
    "\x00", "-1", "0", "99999", "9" * 21, "2026-13-45", "z" * 64, "王" * 1_000,
    "-members__id_number'); DROP TABLE x; --",
]  # fmt: skip
EVERYWHERE = {"elder"}  # asked for on every page
LIST_WORDS = [
    "all", "building", "care", "cols", "density", "due", "household", "kind", "occupancy", "ordering",
    "owner__id_no__startswith", "page", "per", "q", "responsible", "show", "silent", "sort", "stage",
    "state", "tenure", "year", "zone",
]  # fmt: skip
ASKERS = ("passerby", "wang", "chen", "shen")


class Noting(QueryDict):
    """The words after the question mark, noting which of them were asked for."""

    noted: set[str] = set()

    def __contains__(self, name):
        self.noted.add(name)
        return super().__contains__(name)

    def __getitem__(self, name):
        self.noted.add(name)
        return super().__getitem__(name)

    def getlist(self, name, default=None):
        self.noted.add(name)
        return super().getlist(name, default)

    def __iter__(self):  # whoever takes them all may look for any
        self.noted.update(LIST_WORDS)
        return super().__iter__()


@pytest.mark.parametrize("who", ASKERS)
def test_whatever_is_asked_in_the_address_nothing_breaks(who, world, monkeypatch):
    """Each word that a page asks for is given each odd answer, by the first who opens it."""
    browser = clients(world.people)[who]
    monkeypatch.setattr("django.core.handlers.wsgi.QueryDict", Noting)
    broken = []
    for row in LOOKING:
        if not gets_in(who, row):
            continue
        first = who == next(asker for asker in ASKERS if gets_in(asker, row))
        Noting.noted.clear()
        for turn in range(len(ODD) if first else 1):
            names = sorted(Noting.noted)
            asked = {name: ODD[(turn + at) % len(ODD)] for at, name in enumerate(names)}
            with transaction.atomic():
                answer = look(browser, row, world.own, asked=asked)
                transaction.set_rollback(True)
            if answer.status_code >= 500 and not row.name.endswith("readyz"):
                broken.append((row.name, asked, answer.status_code))
            if Noting.noted <= EVERYWHERE:
                break
    assert broken == []


# --- files and rights that were -------------------------------------------------------------------


def test_a_file_s_address_is_worth_nothing_without_the_right(world):
    """Shared, used after signing out, after the post has ended (safety case 37)."""
    addresses = [
        url_of(row, world.own)
        for row in ROWS
        if row.name.split(":")[-1]
        in ("agreement_pdf", "sealed_pdf", "certificate_pdf", "drawing_file")
    ]
    browsers = clients(world.people)
    chen = browsers["chen"]
    assert [chen.get(a).status_code for a in addresses] == [200] * 4
    assert [browsers["zhao"].get(a).status_code for a in addresses] == [404] * 4
    Posting.objects.filter(user=world.people["chen"]).update(until=dt.date(2021, 1, 1))
    assert [chen.get(a).status_code for a in addresses] == [404] * 4
    wang = browsers["wang"]
    assert [wang.get(a).status_code for a in addresses] == [200] * 4
    wang.post(reverse("account_logout"))
    assert [wang.get(a).status_code for a in addresses] == [302] * 4


def test_everybody_is_asked(world):
    assert set(world.people) == set(EVERYONE)
    assert set(SIGNED_IN) < set(EVERYONE)
