"""The paper desk through its pages: printing and reading by a worker, strays, blind keying."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from caoyang_portal.ledger.models import Entry
from caoyang_portal.uploads.intake import read
from consultation.actions import paper_jobs
from consultation.models import CastMark, PaperBallot, PaperJob
from tests.consultation.builders import cast, closed, opened


@pytest.fixture
def poll(people, places, households):
    return opened(people, places)


@pytest.fixture
def chen(client, people):
    client.force_login(people["chen"])
    return client


def at(name, thing):
    return reverse(f"consultation:{name}", args=[thing.pk])


def printed(client, poll, **data):
    """The ballots as a worker printed them."""
    client.post(at("order_ballots", poll), data)
    paper_jobs.work_on_papers()
    job = PaperJob.objects.filter(task="print").first()
    return client.post(at("download_ballots", job)).content


def scanned(client, poll, *files):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    client.post(at("hand_in_scans", poll), {"scans": given})
    paper_jobs.work_on_papers()
    return PaperJob.objects.filter(task="scan").first()


def blank(colour="white"):
    out = io.BytesIO()
    Image.new("RGB", (600, 800), colour).save(out, "JPEG")
    return out.getvalue()


def test_ballots_are_printed_for_a_building_and_not_for_who_has_voted(chen, people, places, poll):
    cast(poll, people["wang"])
    pdf = printed(chen, poll, building=places.building.pk)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1  # 孙丽; 王桂芳 has voted, 赵大勇 lives in 9
    job = PaperJob.objects.get()
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert Entry.objects.filter(act="consultation.download_ballots").count() == 1
    assert "下载表决票" in chen.get(at("paper_job", job)).content.decode()


def test_a_dead_worker_s_job_is_taken_over_and_bound(chen, people, poll, monkeypatch):
    monkeypatch.setattr(paper_jobs, "CHUNK", 1)
    chen.post(at("order_ballots", poll))
    render, calls = paper_jobs.ballots_pdf, []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit
        return render(*args)

    monkeypatch.setattr(paper_jobs, "ballots_pdf", dies)
    with pytest.raises(SystemExit):
        paper_jobs.work_on_papers()
    assert PaperJob.objects.get().done == 1
    assert paper_jobs.work_on_papers() == 0  # still leased
    PaperJob.objects.update(lease_until=timezone.now())
    paper_jobs.work_on_papers()
    job = PaperJob.objects.get()
    assert (job.state, job.done, len(calls)) == ("done", 3, 4)
    assert len(PdfReader(io.BytesIO(read(job.file))).pages) == 3


def test_torn_and_doubled_pages_are_named_or_dropped_by_hand(chen, people, poll):
    pdf = printed(chen, poll)
    job = scanned(chen, poll, ("票.pdf", pdf), ("撕坏.jpg", blank()), ("票.pdf", pdf))
    assert (job.state, job.done, job.taken, job.stray) == ("done", 3, 3, 4)
    page = chen.get(at("desk_strays", poll)).content.decode()
    assert (page.count("这张票已经扫描过"), page.count("二维码读不出来")) == (3, 1)
    torn, *doubled = poll.stray_scans.order_by("-problem", "pk")
    if torn.problem != "二维码读不出来":
        torn = poll.stray_scans.get(problem="二维码读不出来")
        doubled = poll.stray_scans.exclude(pk=torn.pk)
    bare = chen.post(at("drop_stray_scans", poll), {"pages": [one.pk for one in doubled]})
    assert bare.status_code == 422
    given = {"pages": [one.pk for one in doubled], "reason": "重复扫描"}
    chen.post(at("drop_stray_scans", poll), given)
    taken = PaperBallot.objects.first()
    known = chen.post(at("name_stray_scan", torn), {"serial": taken.serial})
    assert known.status_code == 422  # that ballot is in already
    assert chen.get(at("stray_page", torn)).headers["Content-Type"] == "image/jpeg"
    chen.post(at("drop_stray_scans", poll), {"pages": [torn.pk], "reason": "不是票"})
    assert poll.stray_scans.filter(dropped_reason="").count() == 0


def test_an_unreadable_file_fails_and_says_so(chen, people, poll, monkeypatch):
    monkeypatch.setattr("consultation.scans.SECONDS", 0.001)
    job = scanned(chen, poll, ("坏.jpg", blank()))
    assert (job.state, job.problem) == ("failed", "扫描件打不开，请重新扫描后再传。")
    assert job.problem in chen.get(at("paper_job", job)).content.decode()


def test_the_second_keyer_does_not_see_what_the_first_read(chen, people, poll):
    scanned(chen, poll, ("票.pdf", printed(chen, poll)))
    ballot = PaperBallot.objects.order_by("serial").first()
    key = at("key_paper", ballot)
    empty = chen.post(key, {"sent": "1"})
    assert (empty.status_code, "还没有选" in empty.content.decode()) == (422, True)
    chen.post(key, {"q1": "no"})
    assert chen.get(key).status_code == 403  # nobody keys a ballot twice
    chen.force_login(people["lin"])
    page = chen.get(key)
    form = page.content.decode().split("beside")[1]
    assert ("checked" in form, page.context["form"].initial) == (False, {})
    assert chen.get(at("desk_keying", poll)).url == key  # the half done first
    chen.post(key, {"q1": "no"})
    ballot.refresh_from_db()
    assert ballot.state == "counted"


def test_who_voted_online_is_shown_and_the_paper_does_not_count(chen, people, poll):
    scanned(chen, poll, ("票.pdf", printed(chen, poll)))
    cast(poll, people["wang"])
    ballot = PaperBallot.objects.get(entry__name="王桂芳")
    assert "先投的有效，这张纸质票不会计入" in chen.get(at("key_paper", ballot)).content.decode()
    chen.post(at("set_paper_aside", ballot), {"reason": "已在线上投过"})
    ballot.refresh_from_db()
    assert (ballot.state, ballot.reason) == ("set_aside", "已在线上投过")


def test_a_secret_ballot_comes_in_an_envelope(chen, people, places, households):
    poll = opened(people, places, secrecy="separated")
    pdf = printed(chen, poll)
    entry = poll.roll.get(name="孙丽")
    first = PdfReader(io.BytesIO(pdf)).pages
    assert len(first) == 4  # one for each voter and one to spare
    scanned(chen, poll, ("票.pdf", pdf))
    chen.post(at("receive_envelope", entry))
    chen.post(at("receive_envelope", entry))
    assert CastMark.objects.get().channel == "paper"
    one, *rest = PaperBallot.objects.order_by("serial")
    for who in ("chen", "lin"):
        chen.force_login(people[who])
        chen.post(at("key_paper", one), {"q1": "yes"})
    for ballot in rest:
        chen.post(at("set_paper_aside", ballot), {"reason": "没有装进信封"})
    closed(poll)
    chen.post(at("finish_count", poll))
    shown = counted_result(poll)
    assert shown["questions"][0]["choices"]["yes"]["heads"] == 1


def counted_result(poll):
    poll.refresh_from_db()
    return poll.result.shown
