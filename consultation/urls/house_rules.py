"""Addresses: house rules and the evaluation of the owners' committee."""

from django.urls import path

from consultation.views import evaluations, house_rules, rules_desk

DESK = "rules/desk/"
DRAFT = f"{DESK}versions/<uuid:pk>/"
VERSION = "rules/versions/<uuid:pk>/"
ARTICLE = f"{DESK}articles/<uuid:pk>/"
EVALUATION = "evaluations/<uuid:pk>/"

urlpatterns = [
    path(DESK, rules_desk.rules_desk, name="rules_desk"),
    path(f"{DESK}start/", rules_desk.start_house_rules, name="start_house_rules"),
    path(DRAFT, rules_desk.desk_rules_version, name="desk_rules_version"),
    path(f"{DRAFT}edit/", rules_desk.edit_version, name="edit_version"),
    path(f"{DRAFT}articles/", rules_desk.add_article, name="add_article"),
    path(f"{DRAFT}publish/", rules_desk.publish_version, name="publish_version"),
    path(f"{DRAFT}drop/", rules_desk.drop_version, name="drop_version"),
    path(f"{DRAFT}next/", rules_desk.draft_version, name="draft_version"),
    path(f"{DRAFT}poll/", rules_desk.put_to_poll, name="put_to_poll"),
    path(f"{DRAFT}noted/", rules_desk.rules_acknowledgements, name="rules_acknowledgements"),
    path(f"{ARTICLE}edit/", rules_desk.edit_article, name="edit_article"),
    path(f"{ARTICLE}move/", rules_desk.move_article, name="move_article"),
    path(f"{ARTICLE}remove/", rules_desk.remove_article, name="remove_article"),
    path(f"{DESK}comments/<uuid:pk>/", rules_desk.answer_comment, name="answer_comment"),
    path("rules/", house_rules.rules_list, name="rules_list"),
    path(VERSION, house_rules.rules_version, name="rules_version"),
    path(f"{VERSION}compare/<uuid:other>/", house_rules.compare_rules, name="compare_rules"),
    path(f"{VERSION}comment/", house_rules.comment_on_rules, name="comment_on_rules"),
    path(f"{VERSION}acknowledge/", house_rules.acknowledge_rules, name="acknowledge_rules"),
    path("evaluations/desk/", evaluations.evaluations_desk, name="evaluations_desk"),
    path("evaluations/desk/draft/", evaluations.draft_evaluation, name="draft_evaluation"),
    path("evaluations/", evaluations.evaluation_list, name="evaluation_list"),
    path(EVALUATION, evaluations.evaluation, name="evaluation"),
    path(f"{EVALUATION}fill/", evaluations.fill_evaluation, name="fill_evaluation"),
    path(f"{EVALUATION}open/", evaluations.open_evaluation, name="open_evaluation"),
    path(f"{EVALUATION}publish/", evaluations.publish_evaluation, name="publish_evaluation"),
]
