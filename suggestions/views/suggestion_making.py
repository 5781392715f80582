"""Making a suggestion (提建议), one question a page: what about, where, what, photos, alike, by which name.

Every page is kept as a draft; who comes back, after a call or with another phone, goes on where they were.
"""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.community.limits import allow
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_form
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.network import client_ip
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from suggestions.actions import suggestion_drafts as drafts
from suggestions.actions import suggestions
from suggestions.forms import suggestions as forms
from suggestions.models import SuggestionDraft
from suggestions.queries import suggestions as queries

from .suggestions import homes_of

STEPS = ("kind", "where", "words", "photos", "alike", "name")
HEADINGS = {
    "kind": gettext_lazy("关于哪方面？"),
    "where": gettext_lazy("在哪里？"),
    "words": gettext_lazy("您建议什么？"),
    "photos": gettext_lazy("有照片吗？"),
    "alike": gettext_lazy("是不是同一个问题？"),
    "name": gettext_lazy("看一看，再提交"),
}
AT_POINT = "suggested_at"  # in the session, until it is sent
PER_PERSON = (10, 86_400)
PER_ADDRESS = (60, 3600)


@login_required
@require_GET
def suggest(request):
    """Where one left off, or the first page; a poster's code says at which point it hangs."""
    scanned = forms.AtPointForm(request.GET)
    if scanned.is_valid():
        request.session[AT_POINT] = scanned.cleaned_data["point"].name
    draft = _draft(request)
    return redirect("suggestions:make_suggestion", _missing(draft) if draft else "kind")


def _draft(request) -> SuggestionDraft | None:
    found = SuggestionDraft.objects.select_related("neighbourhood", "building")
    return found.filter(user=request.user).first()


def _missing(draft) -> str:
    """The first page that has no answer yet; the last one when all have."""
    if not draft.category:
        return "kind"
    if not draft.where_said:
        return "where"
    return "name" if draft.title and draft.reasons else "words"


@login_required
@require_http_methods(["GET", "POST"])
def make_suggestion(request, step):
    """One page of it."""
    if step not in STEPS:
        raise Http404
    draft = _draft(request)
    first = _missing(draft) if draft else "kind"
    if STEPS.index(step) > STEPS.index(first):
        return redirect("suggestions:make_suggestion", first)
    return PAGES[step](request, draft)


def _page(request, step, draft, form=None, **context):
    at = STEPS.index(step)
    before = STEPS[at - 1]
    if before == "alike":
        before = "photos"
    context |= {
        "step": step,
        "heading": HEADINGS[step],
        "number": at + 1,
        "total": len(STEPS),
        "draft": draft,
        "form": form,
        "back": _url(before) if at else reverse("suggestions:suggestion_list"),
    }
    return render(request, f"suggestions/making/{step}.html", context)


def _url(step) -> str:
    return reverse("suggestions:make_suggestion", args=[step])


def _kept(request, step, draft, form, to, **page):
    """Keep what the page asked for and go on, or show it again with what is wrong."""
    if form.is_valid():
        answers = form.cleaned_data
        place = answers.pop("neighbourhood", None) or _place(request, draft)
        with shown_on(form):
            drafts.keep_draft(place, request.user, **answers, **page.pop("also", {}))
            return redirect(_url(to))
    answer = _page(request, step, draft, form, **page)
    answer.status_code = 422 if form.is_bound else 200
    return answer


def _places(request) -> list[Neighbourhood]:
    """Where one may propose something: at home first; who has no home here chooses."""
    return homes_of(request) or list(Neighbourhood.objects.order_by("name"))


def _place(request, draft) -> Neighbourhood:
    return draft.neighbourhood if draft else _places(request)[0]


def _kind(request, draft):
    form = forms.KindForm(request.POST or None)
    chosen = draft.category if draft else ""
    return _kept(request, "kind", draft, form, "where", chosen=chosen)


def _where(request, draft):
    places = _places(request)
    first = {
        "neighbourhood": draft.neighbourhood, "building": draft.building, "spot": draft.spot
    }  # fmt: skip
    homes = homes_of(request)
    form = forms.WhereForm(request.POST or None, places=places, homes=homes, initial=first)
    return _kept(request, "where", draft, form, "words", also={"where_said": True})


def _words(request, draft):
    first = {name: getattr(draft, name) for name in ("title", "reasons", "measures")}
    form = forms.WordsForm(request.POST or None, initial=first)
    return _kept(request, "words", draft, form, "photos")


def _photos(request, draft):
    """A picture is taken in at once, and shown; going on is a link of its own."""
    form = forms.PhotosForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["photos"]
        if not given:
            return redirect(_url("alike"))
        with shown_on(form):
            if draft.photos.count() + len(given) > drafts.MOST_PHOTOS:
                raise Refused(_("最多 %(n)s 张照片，请先去掉一张") % {"n": drafts.MOST_PHOTOS})
            place = draft.neighbourhood_id
            kept = [intake.take_in(p, neighbourhood_id=place, by=request.user) for p in given]
            drafts.add_draft_photos(draft, kept)
            return redirect(_url("photos"))
    photos = draft.photos.order_by("uploaded_at")
    answer = _page(request, "photos", draft, form, photos=photos, most=drafts.MOST_PHOTOS)
    answer.status_code = 422 if form.is_bound and not form.is_valid() else 200
    return answer


def _alike(request, draft):
    found = queries.alike([draft.neighbourhood], draft.title)
    if not found:
        return redirect(_url("name"))
    return _page(request, "alike", draft, alike=found)


def _name(request, draft):
    form = forms.NameForm(request.POST or None)

    def send(by, name_shown):
        _refuse_flood(request)
        point = request.session.get(AT_POINT)
        made = suggestions.make_suggestion(
            draft.neighbourhood, category=draft.category, title=draft.title,
            reasons=draft.reasons, measures=draft.measures, building=draft.building,
            spot=draft.spot, photos=list(draft.photos.all()), name_shown=name_shown,
            source_note=_("在“%(point)s”扫码") % {"point": point} if point else "", by=by,
        )  # fmt: skip
        request.session.pop(AT_POINT, None)
        return made

    return by_form(
        request,
        form,
        send,
        said=lambda one: _("收到了，编号 %(number)s") % {"number": one.number},
        to=lambda one: reverse("suggestions:suggestion", args=[one.pk]),
        page=partial(
            _page, request, "name", draft, form, photos=draft.photos.order_by("uploaded_at")
        ),
    )


def _refuse_flood(request) -> None:
    """Ten a day of one person; from a crowded address one an hour of each.

    Neighbours share an address (the library, the committee's own tablet): nobody's first suggestion
    is ever refused for what others sent.
    """
    user = request.user
    first = allow(f"suggest:hour:{user.pk}", 1, 3600)
    crowded = not allow(f"suggest:ip:{client_ip(request)}", *PER_ADDRESS)
    if not allow(f"suggest:{user.pk}", *PER_PERSON):
        raise Refused(_("您今天提了很多，谢谢您。请明天再提，写好的都留着"))
    if crowded and not first:
        raise Refused(_("现在提的人很多，请过一小时再提交，写好的都留着"))


PAGES = {
    "kind": _kind,
    "where": _where,
    "words": _words,
    "photos": _photos,
    "alike": _alike,
    "name": _name,
}


@login_required
@require_GET
def draft_suggestion_photo(request, pk):
    """A photo of one's own draft."""
    return serve(request, _own_photo(request, pk)[1])


@login_required
@require_POST
def drop_draft_photo(request, pk):
    draft, photo = _own_photo(request, pk)
    drafts.drop_draft_photo(draft, photo)
    messages.success(request, _("已去掉"))
    return redirect(_url("photos"))


def _own_photo(request, pk):
    draft = get_object_or_404(SuggestionDraft, user=request.user)
    return draft, get_object_or_404(draft.photos, pk=pk)
