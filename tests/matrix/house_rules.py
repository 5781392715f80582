"""Rows for the addresses of house rules and evaluations, and one of each thing they need (守则)."""

import datetime as dt

from django.utils import timezone

from consultation import evaluation_forms
from consultation.actions import evaluations, house_rules
from consultation.models import EvaluationCriterion, EvaluationForm, RulesVersion
from tests.matrix.row import AWAY, Row, of, prefixed

OTHERS_HERE = "street auditor administrator"
STAFF_HERE = f"committee {OTHERS_HERE}"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def house_rules_of(place, clerk, seen_by, poll) -> dict:
    """Rules in force, a version that residents comment on, one in draft; an evaluation."""
    if not EvaluationForm.objects.exists():  # a test that commits has none
        evaluation_forms.seed(EvaluationForm, EvaluationCriterion)
    open_one, draft, in_force = (
        _drafted(place, clerk, name) for name in ("住户守则", "楼道公约", "停车公约")
    )
    house_rules.publish_version(open_one, days=15, by=clerk)
    article = open_one.articles.get(position=1)
    RulesVersion.objects.filter(pk=in_force.pk).update(
        state="in_force", published_at=timezone.now(), adopted_at=timezone.now(), poll=poll,
        in_force_on=timezone.localdate(),
    )  # fmt: skip
    today = timezone.localdate()
    evaluation = evaluations.draft_evaluation(
        place, form=EvaluationForm.objects.get(neighbourhood=None), body_name="业委会", year=2026,
        opens_on=today, closes_on=today + dt.timedelta(days=14), by=clerk,
    )  # fmt: skip
    return {
        "rules_version": RulesVersion.objects.get(pk=open_one.pk),
        "rules_draft": draft,
        "rules_in_force": RulesVersion.objects.get(pk=in_force.pk),
        "rules_article": draft.articles.get(position=1),
        "rules_comment": article.comments.create(
            neighbourhood=place, version=open_one, text="九点再开始。", raised_by=seen_by
        ),
        "evaluation": evaluations.open_evaluation(evaluation, by=clerk),
    }


def _drafted(place, clerk, name) -> RulesVersion:
    version = house_rules.start_house_rules(place, name=name, by=clerk)
    for heading in ("装修时间", "楼道"):
        house_rules.add_article(version, heading=heading, text="大家商量着办。", by=clerk)
    return version


def _of(thing: str, names: str, methods: str, may: str, **more) -> list[Row]:
    return prefixed(
        "consultation:",
        names,
        methods,
        may,
        thing=of(thing),
        **{"shared": True, "sees": ""} | more,
    )


HOUSE_RULES: list[Row] = [
    *prefixed("consultation:", "rules_list evaluation_list", "GET", "everybody"),
    *_of("rules_version", "rules_version", "GET", "everybody"),
    *_of("rules_in_force", "rules_version", "GET", "everybody"),
    *_of("rules_draft", "rules_version", "GET", STAFF_HERE, passerby=404),
    Row(
        "consultation:compare_rules", "GET", "everybody",
        lambda target: {"pk": target.rules_version.pk, "other": target.rules_version.pk},
        shared=True,
    ),
    *_of(
        "rules_version", "comment_on_rules", "GET POST", "neighbours",
        stranger=403,
    ),
    Row(
        "consultation:acknowledge_rules", "POST", "self committee", of("rules_in_force"),
        data=lambda target: {"household": target.household.pk},
    ),
    *prefixed("consultation:", "rules_desk evaluations_desk", "GET", ANY_STAFF),
    *prefixed(
        "consultation:", "start_house_rules draft_evaluation", "GET POST", "any_committee"
    ),
    *_of("rules_draft", "desk_rules_version", "GET", STAFF_HERE),
    *_of("rules_version", "desk_rules_version", "GET", STAFF_HERE),
    *_of("rules_in_force", "rules_acknowledgements", "GET", "committee", sees=OTHERS_HERE),
    *_of(
        "rules_draft", "edit_version add_article publish_version drop_version put_to_poll",
        "GET POST", "committee", sees=OTHERS_HERE,
    ),
    *_of("rules_in_force", "draft_version", "GET POST", "committee", sees=OTHERS_HERE),
    *_of(
        "rules_article", "edit_article remove_article", "GET POST", "committee", sees=OTHERS_HERE
    ),
    *_of(
        "rules_article", "move_article", "POST", "committee", sees=OTHERS_HERE,
        answers={"POST": {AWAY}},
    ),
    *_of("rules_comment", "answer_comment", "GET POST", "committee", sees=OTHERS_HERE),
    *_of("evaluation", "evaluation", "GET", "everybody"),
    *_of("evaluation", "fill_evaluation", "GET POST", ""),  # they are tenants here
    *_of(
        "evaluation", "open_evaluation publish_evaluation", "POST", "committee", sees=OTHERS_HERE
    ),
]  # fmt: skip
