"""Suggestions for programs (开放数据): feed, files, and a read-only interface; nothing about a person."""

import json
from functools import wraps

from django.contrib.syndication.views import Feed
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_GET

from caoyang_portal.community.limits import allow
from caoyang_portal.exports import NOT_IN_XML, csv_lines
from caoyang_portal.network import client_ip
from suggestions import interface
from suggestions.forms.search import InterfaceForm
from suggestions.models import Suggestion
from suggestions.queries import finding
from suggestions.queries.opening import FIELDS, all_open, opened, record_of

IN_FEED = 50
OFTEN, SELDOM = (120, 60), (10, 3600)  # requests of one address, in so many seconds
OF_FILES = {"neighbourhood", "category", "state", "year"}
ANYWHERE = {"Access-Control-Allow-Origin": "*"}  # it is open data, and no cookie is asked for


def limited(how_often):
    """Answer an address that asks more than so often with 429."""

    def limit(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if not allow(f"{view.__name__}:{client_ip(request)}", *how_often):
                return _problem(
                    _("请求太多了，请过一会儿再来"), 429, {"Retry-After": how_often[1]}
                )
            return view(request, *args, **kwargs)

        return answer

    return limit


def _problem(words, status, headers=None) -> JsonResponse:
    return JsonResponse(
        {"error": words}, status=status, headers=ANYWHERE | (headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def _public(given):
    return finding.narrowed(Suggestion.objects.public(), given)


class _Latest(Feed):
    """The suggestions published last (Atom)."""

    feed_type = Atom1Feed

    def get_object(self, request):
        form = InterfaceForm(request.GET)
        form.is_valid()
        return form.cleaned_data.get("neighbourhood")

    def title(self, place):
        return _("%(place)s的建议") % {"place": place.name} if place else _("人民建议")

    def link(self, place):
        return reverse("suggestions:suggestion_list")

    def subtitle(self, place):
        return _("新公开的建议。不含个人信息。")

    def items(self, place):
        rows = opened(_public({"neighbourhood": place}))
        return rows.order_by("-submitted_at", "-pk")[:IN_FEED]

    def item_title(self, one):
        return NOT_IN_XML.sub("", one.title)

    def item_description(self, one):
        return NOT_IN_XML.sub("", one.reasons)

    def item_link(self, one):
        return reverse("suggestions:suggestion", args=[one.pk])

    def item_guid(self, one):
        return f"urn:uuid:{one.pk}"

    def item_pubdate(self, one):
        return one.published_at

    def item_updateddate(self, one):
        return max(one.published_at, one.replied_at or one.published_at)

    def item_categories(self, one):
        return [one.get_category_display()]


@require_GET
@limited(OFTEN)
@conditional_page
def suggestion_feed(request):
    return _Latest()(request)


@require_GET
def open_data(request):
    """What may be taken away, field by field, and how."""
    return render(
        request,
        "suggestions/suggestions/open_data.html",
        {"fields": FIELDS, "back": reverse("suggestions:suggestion_list")},
    )


def _records(request):
    """What a file asks for; None where a word of its address is wrong, or not for files."""
    form = InterfaceForm(request.GET)
    if not form.is_valid() or set(request.GET) - OF_FILES:
        return None
    return all_open(_public(form.cleaned_data))


@require_GET
@limited(SELDOM)
def open_data_csv(request):
    """All public suggestions as a table, a piece at a time."""
    records = _records(request)
    if records is None:
        return _problem(_("筛选的条件不对"), 400)
    rows = (list(one.values()) for one in records)
    lines = csv_lines(rows, [field.name for field in FIELDS])
    return _file(lines, "text/csv; charset=utf-8", "csv")


@require_GET
@limited(SELDOM)
def open_data_json(request):
    """The same as one JSON document."""
    records = _records(request)
    if records is None:
        return _problem(_("筛选的条件不对"), 400)
    return _file(_as_json(records), "application/json", "json")


def _file(pieces, kind, ending) -> StreamingHttpResponse:
    name = f"suggestions-{timezone.localdate():%Y%m%d}.{ending}"
    return StreamingHttpResponse(
        pieces,
        content_type=kind,
        headers=ANYWHERE | {"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _as_json(records):
    yield '{"suggestions": ['
    for number, one in enumerate(records):
        yield (",\n" if number else "\n") + json.dumps(one, ensure_ascii=False)
    yield "\n]}\n"


def _json(body) -> HttpResponse:
    return JsonResponse(body, headers=ANYWHERE, json_dumps_params={"ensure_ascii": False})


@require_GET
@limited(OFTEN)
@conditional_page
def api_suggestions(request):
    """One page of public suggestions; ``next`` leads to the one after it."""
    form = InterfaceForm(request.GET)
    strange = sorted(set(request.GET) - set(form.fields))
    if strange or not form.is_valid():
        wrong = ", ".join(strange or sorted(form.errors))
        return _problem(_("不认识或者写错的条件：%(names)s") % {"names": wrong[:200]}, 400)
    given = form.cleaned_data
    found = finding.find(
        opened(_public(given)),
        given["q"],
        order=given["order"] or finding.NEWEST,
        after=given["after"],
        size=given["limit"] or interface.PAGE,
    )
    body = {
        "suggestions": [record_of(one) for one in found.leaf.rows],
        "count": found.count,
        "count_is_exact": not found.is_more,
        "next": _next(request, found.leaf.after),
    }
    return _json(body)


def _next(request, after):
    if not after:
        return None
    asked = request.GET.copy()
    asked["after"] = after
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


@require_GET
@limited(OFTEN)
@conditional_page
def api_suggestion(request, pk):
    one = opened(Suggestion.objects.public().filter(pk=pk)).first()
    if one is None:
        return _problem(_("没有这条公开的建议"), 404)
    return _json(record_of(one))


@require_GET
@conditional_page
def api_description(request):
    """What the interface promises (OpenAPI)."""
    return _json(interface.document(request.build_absolute_uri("/").rstrip("/")))
