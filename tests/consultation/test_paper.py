"""Paper ballots from the printer through the scanner into the box; notice and sealed result."""

import io

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from caoyang_portal import documents as sealing
from caoyang_portal.community.models import Posting, User
from caoyang_portal.errors import Refused
from caoyang_portal.uploads.intake import keep, read
from consultation import documents, scans
from consultation.actions import counting, paper
from consultation.models import Keying, OpenBallot, PaperBallot, PollResult, StrayScan
from consultation.queries import polls as checks
from tests.consultation.builders import cast, closed, counted, entry_of, kind, opened
from tests.households.builders import attachment


@pytest.fixture
def poll(people, places, households):
    poll = opened(people, places)
    assert paper.print_papers(poll, by=people["chen"]) == 3
    assert paper.print_papers(poll, by=people["chen"]) == 0
    return poll


def sheet_of(poll, name):
    return PaperBallot.objects.get(poll=poll, entry__name=name)


def scan_of(poll, content, people, media_type="application/pdf"):
    return keep(
        content, "扫描.pdf", media_type, neighbourhood_id=poll.neighbourhood_id, by=people["chen"]
    )


def take_in(poll, people, *names):
    """As printed, scanned and read by the machine."""
    printed = documents.ballots_pdf(poll, [sheet_of(poll, name) for name in names])
    pages = scans.read_pages(poll, [scan_of(poll, printed, people)], by=people["chen"])
    return paper.take_in_scans(poll, pages=pages, by=people["chen"])


def test_a_pile_is_scanned_keyed_twice_and_counted(people, poll):
    taken, stray = take_in(poll, people, "王桂芳", "孙丽")
    assert ([sheet.entry.name for sheet in taken], stray) == (["王桂芳", "孙丽"], [])
    sheet = taken[0]
    paper.key_paper(sheet, choices={"1": "yes"}, by=people["chen"])
    assert OpenBallot.objects.count() == 0
    with pytest.raises(PermissionDenied):
        paper.key_paper(sheet, choices={"1": "yes"}, by=people["chen"])
    paper.key_paper(sheet, choices={"1": "yes"}, by=people["lin"])
    sheet.refresh_from_db()
    assert (sheet.state, OpenBallot.objects.get().entry.name) == ("counted", "王桂芳")


def test_where_two_keyed_differently_a_third_decides_on_the_scan(people, places, poll):
    taken, _stray = take_in(poll, people, "孙丽")
    paper.key_paper(taken[0], choices={"1": "yes"}, by=people["chen"])
    paper.key_paper(taken[0], choices={"1": "spoilt"}, by=people["lin"])
    assert sheet_of(poll, "孙丽").state == "differs"
    for keyer in ("chen", "lin"):
        with pytest.raises(PermissionDenied):
            paper.settle_paper(taken[0], choices={"1": "no"}, by=people[keyer])
    closed(poll)
    with pytest.raises(Refused, match="两次录入不一致"):
        counting.finish_count(poll)
    Posting.objects.filter(user=people["deng"]).update(office="committee")
    paper.settle_paper(taken[0], choices={"1": "no"}, by=User.objects.get(pk=people["deng"].pk))
    assert list(Keying.objects.values_list("turn", flat=True)) == [1, 2, 3]
    assert counted(poll).result.shown["by_channel"] == {"paper": 1}


def test_what_was_cast_online_stands_and_the_paper_is_set_aside(people, poll):
    taken, _stray = take_in(poll, people, "王桂芳")
    cast(poll, people["wang"])
    for keyer in ("chen", "lin"):
        paper.key_paper(taken[0], choices={"1": "no"}, by=people[keyer])
    sheet = sheet_of(poll, "王桂芳")
    assert (sheet.state, sheet.reason) == ("set_aside", "已通过线上投过，先投的有效")
    assert OpenBallot.objects.get().choices["1"]["choice"] == "yes"


def test_what_was_counted_on_paper_stands_and_nothing_is_cast_over_it(people, poll):
    taken, _stray = take_in(poll, people, "王桂芳")
    for keyer in ("chen", "lin"):
        paper.key_paper(taken[0], choices={"1": "no"}, by=people[keyer])
    assert poll.may_revote  # but not what lies on paper
    with pytest.raises(Refused, match="这一票已经投过了（纸质）"):
        cast(poll, people["wang"])
    assert OpenBallot.objects.get().choices["1"]["choice"] == "no"


def test_torn_doubled_and_foreign_pages_are_listed_and_nothing_is_lost(people, places, poll):
    printed = documents.ballots_pdf(poll, [sheet_of(poll, "孙丽")])
    blank = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(blank, "JPEG")
    files = [
        scan_of(poll, blank.getvalue(), people, "image/jpeg"),
        scan_of(poll, printed, people),
        scan_of(poll, printed, people),
    ]
    pages = scans.read_pages(poll, files, by=people["chen"])
    taken, stray = paper.take_in_scans(poll, pages=pages, by=people["chen"])
    assert len(taken) == 1
    assert [page.problem for page in stray] == ["二维码读不出来", "这张票已经扫描过"]
    torn, double = stray
    with pytest.raises(Refused, match="没有这个票号"):
        paper.name_stray_scan(torn, serial="XXXX", by=people["chen"])
    serial = sheet_of(poll, "王桂芳").serial
    paper.name_stray_scan(torn, serial=serial.lower(), by=people["chen"])
    paper.drop_stray_scan(double, reason="重复扫描", by=people["chen"])
    assert sheet_of(poll, "王桂芳").state == "scanned"
    assert not StrayScan.objects.filter(paper=None, dropped_reason="").exists()
    with pytest.raises(Refused, match="扫描件打不开"):
        scans.read_pages(poll, [scan_of(poll, b"%PDF-1.7 torn", people)], by=people["chen"])


def test_a_ballot_may_be_set_aside_with_a_reason(people, poll):
    with pytest.raises(Refused):
        paper.set_paper_aside(sheet_of(poll, "孙丽"), reason=" ", by=people["chen"])
    paper.set_paper_aside(sheet_of(poll, "孙丽"), reason="票已作废", by=people["chen"])
    assert sheet_of(poll, "孙丽").state == "set_aside"


def test_secret_paper_has_a_mark_and_a_ballot_that_do_not_know_each_other(
    people, places, households
):
    poll = opened(people, places, of=kind("house-rules"), secrecy="separated")
    paper.print_papers(poll, by=people["chen"])
    assert not PaperBallot.objects.exclude(entry=None).exists()
    blank = PaperBallot.objects.first()
    page = scans.ScannedPage(attachment(places.here, sha256="b" * 64), blank.serial)
    taken, _stray = paper.take_in_scans(poll, pages=[page], by=people["chen"])
    paper.key_paper(taken[0], choices={"1": "yes"}, by=people["chen"])
    with pytest.raises(Refused, match="签收的信封比票少"):
        paper.key_paper(taken[0], choices={"1": "yes"}, by=people["lin"])
    for name in ("王桂芳", "孙丽"):
        paper.receive_envelope(entry_of(poll, name), by=people["chen"])
    with pytest.raises(Refused, match="已经投过了"):
        paper.receive_envelope(entry_of(poll, "孙丽"), by=people["lin"])
    paper.key_paper(taken[0], choices={"1": "yes"}, by=people["lin"])
    closed(poll)
    with pytest.raises(Refused, match="请写明原因"):
        counting.finish_count(poll)
    shown = counted(poll, missing_reason="一个信封是空的").result.shown
    assert (shown["participating"]["heads"], shown["questions"][0]["choices"]["yes"]["heads"]) == (
        2,
        1,
    )


def words(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_notice_and_sealed_result_say_rule_secrecy_and_root(people, places, households):
    poll = opened(people, places, of=kind("lift-compound"))
    notice = words(documents.stairwell_notice(poll))
    assert "参加表决的人数和面积至少 2/3" in notice
    assert "不保密：您怎么投" in notice
    cast(poll, people["wang"])
    poll = counted(poll)
    assert counting.print_result_notices() == 1
    assert counting.print_result_notices() == 0
    result = PollResult.objects.get()
    pdf = read(result.notice)
    assert poll.board_root[:8].upper() in words(pdf)
    assert "未达到，还差 1 人" in words(pdf)
    assert sealing.verdict(pdf).seal_ok
    assert checks.advice(poll) == []


@pytest.mark.parametrize("code", ["top-ten", "ranked-choice", "satisfaction"])
def test_every_method_has_its_notice(people, places, households, code):
    questions = [("选哪个？", ["修路", "种树", "装灯"])]
    poll = opened(people, places, of=kind(code), secrecy="separated", questions=questions)
    paper.print_papers(poll, by=people["chen"])
    assert poll.title in words(documents.ballots_pdf(poll, list(poll.papers.all()[:1])))
    cast(poll, people["wang"], {"1": "2"})
    counted(poll)
    assert "选哪个" in words(documents.result_notice(PollResult.objects.get()))
