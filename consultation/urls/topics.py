"""Addresses of topics: the desk for the committee, the rest for everyone."""

from django.urls import path

from consultation.views import topic_desk as desk
from consultation.views import topics

DESK = "topics/desk/"
ON_DESK = f"{DESK}<uuid:pk>/"
TOPIC = "topics/<uuid:pk>/"

urlpatterns = [
    path("topics/", topics.topic_list, name="topic_list"),
    path("topics/propose/", topics.propose_topic, name="propose_topic"),
    path("topics/mine/", topics.my_topics, name="my_topics"),
    path(TOPIC, topics.topic, name="topic"),
    path(f"{TOPIC}support/", topics.support_topic, name="support_topic"),
    path(f"{TOPIC}support/end/", topics.end_support, name="end_support"),
    path(f"{TOPIC}withdraw/", topics.withdraw_topic, name="withdraw_topic"),
    path(f"{TOPIC}photos/<uuid:photo>/", topics.topic_photo, name="topic_photo"),
    path(DESK, desk.topic_desk, name="topic_desk"),
    path(f"{DESK}enter/", desk.enter_topic, name="enter_topic"),
    path(ON_DESK, desk.desk_topic, name="desk_topic"),
    path(f"{ON_DESK}screen/", desk.screen_topic, name="screen_topic"),
    path(f"{ON_DESK}approve/", desk.approve_topic, name="approve_topic"),
    path(f"{ON_DESK}deliberate/", desk.start_deliberation, name="start_deliberation"),
    path(f"{ON_DESK}decide/", desk.decide_topic, name="decide_topic"),
    path(f"{ON_DESK}assign/", desk.assign_topic, name="assign_topic"),
    path(f"{ON_DESK}evaluate/", desk.evaluate_topic, name="evaluate_topic"),
    path(f"{ON_DESK}decline/", desk.decline_topic, name="decline_topic"),
    path(f"{ON_DESK}merge/", desk.merge_topic, name="merge_topic"),
    path(f"{ON_DESK}unmerge/", desk.unmerge_topic, name="unmerge_topic"),
    path(f"{ON_DESK}reopen/", desk.reopen_topic, name="reopen_topic"),
    path(f"{ON_DESK}promise/", desk.promise_next, name="promise_next"),
    path(f"{ON_DESK}polls/", desk.link_poll, name="link_poll"),
    path(f"{DESK}steps/<uuid:pk>/told/", desk.note_told, name="note_told"),
]
