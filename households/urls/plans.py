"""Addresses: plans and drawings."""

from django.urls import path

from households.views import plans

urlpatterns = [
    path("projects/<uuid:pk>/plans/", plans.plan_list, name="plan_list"),
    path("projects/<uuid:pk>/plans/<uuid:household>/draw/", plans.draw_plan, name="draw_plan"),
    path("plans/<uuid:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<uuid:pk>/drawings/", plans.add_drawing, name="add_drawing"),
    path("plans/<uuid:pk>/drawings/<uuid:drawing>/", plans.drawing_file, name="drawing_file"),
    path("plans/<uuid:pk>/publish/", plans.publish_plan, name="publish_plan"),
    path("plans/<uuid:pk>/confirm/", plans.confirm_plan, name="confirm_plan"),
    path("plans/<uuid:pk>/enter/", plans.enter_plan_confirmation, name="enter_plan_confirmation"),
    path("plans/<uuid:pk>/remarks/", plans.raise_remark, name="raise_remark"),
    path("remarks/<uuid:pk>/answer/", plans.answer_remark, name="answer_remark"),
    path("remarks/<uuid:pk>/withdraw/", plans.withdraw_remark, name="withdraw_remark"),
]
