"""Addresses of campaigns."""

from django.urls import path

from suggestions.views import campaign_desk as desk
from suggestions.views import campaigns

DESK = "campaigns/desk/"
ONE = f"{DESK}<uuid:pk>/"

urlpatterns = [
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path(DESK, desk.campaign_desk, name="campaign_desk"),
    path(f"{DESK}places/<uuid:pk>/draft/", desk.draft_campaign, name="draft_campaign"),
    path(ONE, desk.desk_campaign, name="desk_campaign"),
    path(f"{ONE}questions/add/", desk.add_campaign_question, name="add_campaign_question"),
    path(
        f"{DESK}questions/<uuid:pk>/drop/",
        desk.drop_campaign_question,
        name="drop_campaign_question",
    ),
    path(f"{ONE}open/", desk.open_campaign, name="open_campaign"),
    path(f"{ONE}close/", desk.close_campaign, name="close_campaign"),
    path(f"{ONE}cancel/", desk.cancel_campaign, name="cancel_campaign"),
    path(f"{ONE}answer/", desk.answer_campaign, name="answer_campaign"),
    path(f"{ONE}enter/", desk.enter_for_campaign, name="enter_for_campaign"),
    path(f"{ONE}second-round/", desk.start_second_round, name="start_second_round"),
    path(f"{ONE}homes/", desk.campaign_homes, name="campaign_homes"),
    path(f"{DESK}homes/<uuid:pk>/visit/", desk.enter_campaign_visit, name="enter_campaign_visit"),
    path("campaigns/<uuid:pk>/", campaigns.campaign, name="campaign"),
    path(
        "campaigns/<uuid:pk>/take-part/",
        campaigns.take_part_in_campaign,
        name="take_part_in_campaign",
    ),
]
