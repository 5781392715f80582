"""The front door: start page, large type, language, my account; who holds which office (首页、账号、岗位)."""

from functools import partial

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community import actions, devices
from caoyang_portal.community.forms import AppointForm, EndPostingForm, PersonSearchForm, WhyForm
from caoyang_portal.community.models import Neighbourhood, Posting, UnknownCaller, User
from caoyang_portal.deeds import by_form
from caoyang_portal.doors import START, doors_of

YEAR = 365 * 24 * 3600
PLACES = ("sub_district", "neighbourhood", "building", "organisation")


@require_GET
def start(request):
    """The public start page; whoever is signed in goes on to their own room."""
    if request.user.is_authenticated:
        for name in _rooms_of(request.user):
            try:
                return redirect(reverse(name))
            except NoReverseMatch:  # an app that is not installed has no room
                continue
    return render(request, "community/start.html", {"doors": doors_of(START)})


def _rooms_of(user) -> list[str]:
    if user.holds("street_official"):
        return [
            "overview:overview",
            "households:board_list",
            "households:household_list",
            "community:me",
        ]
    if user.holds("department", "department_head"):
        return ["consultation:desk_opinions", "community:me"]
    if user.holds("committee", "mediator", "designer", "auditor", "administrator"):
        return ["households:household_list", "community:me"]
    return ["households:home", "community:me"]


@require_POST
def elder(request):
    """Switch large type (大字版) on or off, here and with the account."""
    elder_mode = request.POST.get("elder") == "1"
    if request.user.is_authenticated:
        actions.keep_elder_mode(request.user, elder_mode)
    return _remembering(request, settings.ELDER_COOKIE_NAME, "1" if elder_mode else "0")


@require_POST
def language(request):
    """Switch the language, here and with the account; the page stays."""
    code = request.POST.get("language")
    if code not in dict(settings.LANGUAGES):
        code = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        actions.keep_language(request.user, code)
    return _remembering(request, settings.LANGUAGE_COOKIE_NAME, code)


def _remembering(request, cookie: str, value: str):
    response = redirect(_page_before(request))
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True
    )
    return response


def _page_before(request) -> str:
    page = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if safe else "/"


@login_required
@require_GET
def me(request):
    """My account (我的账号): who I am here, how pages look, where I am signed in."""
    sessions = UserSession.objects.filter(user=request.user).order_by("-last_seen_at")
    page = {
        "sessions": [
            {
                "pk": session.pk,
                "device": devices.words_for(session.user_agent),
                "since": session.created_at,
                "here": session.session_key == request.session.session_key,
            }
            for session in sessions[:20]
        ],
        "offices": [
            (post.get_office_display(), post.place) for post in request.user.live_postings
        ],
    }
    return render(request, "community/me.html", page)


@login_required
@require_POST
def end_session(request, pk):
    """Sign one of my other devices out (退出其他设备)."""
    session = get_object_or_404(UserSession.objects.filter(user=request.user), pk=pk)
    session.end()
    messages.success(request, _("那台设备已退出登录。"))
    return redirect("community:me")


@login_required
@require_GET
def unknown_callers(request):
    """Numbers that asked for a code without having an account (未登记的号码)."""
    if not request.user.holds("committee", "administrator"):
        raise PermissionDenied
    page = Paginator(UnknownCaller.objects.order_by("-at"), 50).get_page(request.GET.get("page"))
    return render(request, "community/unknown_callers.html", {"page": page})


def _administrator(request) -> None:
    if not request.user.holds("administrator"):
        raise PermissionDenied


@login_required
@require_GET
def person_list(request):
    """Who holds or held an office here: found by name or by the whole telephone number (人员和岗位)."""
    _administrator(request)
    form = PersonSearchForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = User.objects.visible_to(request.user)
    if text:
        found = found.called(text)
    posts = Posting.objects.live().administered_by(request.user).select_related(*PLACES)
    people = found.prefetch_related(Prefetch("posting_set", posts, to_attr="posts_here"))
    page = Paginator(people.order_by("-is_active", "name", "pk"), 50).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "q": text, "query": urlencode({"q": text}) if text else ""}
    return render(request, "community/person_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def appoint(request):
    """Give somebody an office; opens the account if there is none (任命)."""
    _administrator(request)
    own = [post for post in request.user.live_postings if post.office == "administrator"]
    places = Neighbourhood.objects.filter(pk__in=request.user.reach("administrator"))
    form = AppointForm(
        request.POST or None,
        streets=[post.sub_district for post in own if not post.neighbourhood_id],
        neighbourhoods=list(places.select_related("sub_district").order_by("name")),
    )
    return by_form(
        request,
        form,
        actions.appoint_by_phone,
        said=_("已任命。新账号先用短信验证码登录，再自己设密码。"),
        to=lambda posting: reverse("community:person_detail", args=[posting.user_id]),
        page=lambda: render(request, "community/appoint.html", {"form": form}),
    )


@login_required
@require_GET
def person_detail(request, pk):
    """One office holder: offices then and now, and whether the account works."""
    return _person_page(request, _person(request, pk))


def _person(request, pk) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _person_page(request, person, refused=None):
    """``refused`` is the posting whose end was refused, with its form."""
    posts = Posting.objects.filter(user=person).administered_by(request.user)
    today = timezone.localdate()
    rows = []
    for post in posts.select_related(*PLACES, "user").order_by("-since", "-pk"):
        ended = post.until is not None and post.until < today
        form = EndPostingForm(initial={"until": today}, auto_id=f"end_{post.pk.hex}_%s")
        if refused and refused[0] == post.pk:
            form = refused[1]
        may_end = not ended and may(request.user, "community.end_posting", post)
        rows.append((post, ended, form if may_end else None))
    page = {
        "person": person,
        "rows": rows,
        "has_factor": person.authenticator_set.exists(),
        "may": {
            act: may(request.user, f"community.{act}", person)
            for act in ("disable_account", "enable_account", "reset_second_factor")
        },
    }
    return render(request, "community/person_detail.html", page)


@login_required
@require_POST
def end_posting(request, pk):
    """The last day of an office."""
    post = get_object_or_404(
        Posting.objects.visible_to(request.user).select_related("user"), pk=pk
    )
    require(request.user, "community.end_posting", post)
    form = EndPostingForm(request.POST, auto_id=f"end_{post.pk.hex}_%s")
    return by_form(
        request,
        form,
        partial(actions.end_posting, post),
        said=_("已记下岗位的最后一天"),
        to=reverse("community:person_detail", args=[post.user_id]),
        page=partial(_person_page, request, post.user, (post.pk, form)),
    )


@login_required
@require_http_methods(["GET", "POST"])
def disable_account(request, pk):
    words = _("停用后马上退出所有设备，也不能再登录。做过的事都留着。")
    return _deed(
        request, pk, "disable_account", User.WhyDisabled, _("停用账号"), words, _("账号已停用")
    )


@login_required
@require_http_methods(["GET", "POST"])
def enable_account(request, pk):
    words = _("启用后可以登录，没有结束的岗位照旧。")
    return _deed(
        request, pk, "enable_account", User.WhyEnabled, _("启用账号"), words, _("账号已启用")
    )


@login_required
@require_http_methods(["GET", "POST"])
def reset_second_factor(request, pk):
    words = _("请当面或打电话确认是本人。重设后，本人用短信验证码登录，自己设新密码和动态验证。")
    return _deed(
        request,
        pk,
        "reset_second_factor",
        User.WhyReset,
        _("重设密码和动态验证"),
        words,
        _("已重设，请通知本人重新登录"),
    )


def _deed(request, pk, act, reasons, heading, words, said):
    """A page that says what an act on an account means, and asks why."""
    person = _person(request, pk)
    require(request.user, f"community.{act}", person)
    form = WhyForm(request.POST or None, reasons=reasons)
    home = reverse("community:person_detail", args=[person.pk])
    page = {"form": form, "person": person, "heading": heading, "words": words, "back": home}
    return by_form(
        request,
        form,
        partial(getattr(actions, act), person),
        said=said,
        to=home,
        page=lambda: render(request, "community/person_deed.html", page),
    )
