"""House rules hear of their poll and their publicity, and residents of the rules."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from caoyang_portal.publicity.hearing import when_over
from caoyang_portal.publicity.models import Publicity
from consultation.actions import rules_voting
from consultation.models import ArticleComment, RulesVersion
from consultation.queries.house_rules import ABOUT
from households.models import Residency


def _version(entry: Entry) -> RulesVersion:
    return RulesVersion.objects.select_related("rules").get(pk=entry.facts["version"])


def _residents(version: RulesVersion):
    homes = Residency.objects.live().filter(neighbourhood_id=version.neighbourhood_id)
    if version.rules.building_id:
        homes = homes.filter(household__building_id=version.rules.building_id)
    return User.objects.filter(pk__in=homes.values("user_id"), is_active=True)


def _page(version: RulesVersion) -> str:
    return reverse("consultation:rules_version", args=[version.pk])


@subscribe("consultation.publish_result")
def adopt_what_passed(entry: Entry) -> None:
    for version in RulesVersion.objects.filter(poll_id=entry.subject_id):
        rules_voting.adopt_version(version)


@subscribe("consultation.void_poll")
def reopen_what_was_voided(entry: Entry) -> None:
    for version in RulesVersion.objects.filter(poll_id=entry.subject_id):
        rules_voting.reopen_version(version)


@when_over(ABOUT)
def put_in_force_what_was_posted(entry: Entry, publicity: Publicity) -> None:
    rules_voting.put_in_force(RulesVersion.objects.get(pk=publicity.about_id))


@subscribe("consultation.publish_version")
def tell_residents_to_comment(entry: Entry) -> None:
    version = _version(entry)
    text = _("《%(rules)s》征求意见，%(day)s 前请逐条看，有意见就提。")
    said = {"rules": version.rules.name, "day": date_format(version.comments_until)}
    tell(entry, _residents(version), text % said, link=_page(version))


@subscribe("consultation.put_in_force")
def tell_residents_the_rules_hold(entry: Entry) -> None:
    version = _version(entry)
    text = _("《%(rules)s》今天起生效，请看一看。")
    tell(entry, _residents(version), text % {"rules": version.rules.name}, link=_page(version))


@subscribe("consultation.answer_comment")
def tell_who_commented_the_answer(entry: Entry) -> None:
    comment = ArticleComment.objects.select_related("version__rules", "raised_by").get(
        pk=entry.facts["comment"]
    )
    text = _("您对《%(rules)s》的意见，居委已经答复，请登录门户看。")
    said = {"rules": comment.version.rules.name}
    tell(entry, [comment.raised_by], text % said, link=_page(comment.version))
