"""Addresses of hand-overs."""

from django.urls import path

from . import views

app_name = "referrals"
urlpatterns = [
    path("referrals/topics/", views.to_topics, name="to_topics"),
    path(
        "referrals/topics/objections/<uuid:pk>/",
        views.objection_to_topic,
        name="objection_to_topic",
    ),
    path("referrals/topics/visits/<uuid:pk>/", views.visit_to_topic, name="visit_to_topic"),
    path(
        "referrals/topics/suggestions/<uuid:pk>/",
        views.suggestion_to_topic,
        name="suggestion_to_topic",
    ),
    path(
        "referrals/claims/suggestions/<uuid:pk>/",
        views.suggestion_to_claim,
        name="suggestion_to_claim",
    ),
    path("referrals/claims/", views.to_claims, name="to_claims"),
    path(
        "referrals/claims/objections/<uuid:pk>/",
        views.objection_to_claim,
        name="objection_to_claim",
    ),
    path("referrals/claims/visits/<uuid:pk>/", views.visit_to_claim, name="visit_to_claim"),
    path(
        "referrals/suggestions/claims/<uuid:pk>/",
        views.claim_to_suggestion,
        name="claim_to_suggestion",
    ),
    path("referrals/topics/claims/<uuid:pk>/", views.claim_to_topic, name="claim_to_topic"),
]
