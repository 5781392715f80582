"""Addresses: agreements, their text, their making, their seals, their proof."""

from django.urls import path

from households.views import agreements, generation, sealing, shares, templates, verification

urlpatterns = [
    path("projects/<uuid:pk>/templates/", templates.template_list, name="template_list"),
    path("projects/<uuid:pk>/templates/draft/", templates.draft_template, name="draft_template"),
    path("templates/<uuid:pk>/", templates.template_detail, name="template_detail"),
    path("templates/<uuid:pk>/edit/", templates.edit_template, name="edit_template"),
    path("templates/<uuid:pk>/preview.pdf", templates.preview_template, name="preview_template"),
    path("templates/<uuid:pk>/publish/", templates.publish_template, name="publish_template"),
    path("projects/<uuid:pk>/generation/", generation.start_generation, name="start_generation"),
    path("generation/<uuid:pk>/", generation.generation_detail, name="generation_detail"),
    path("generation/<uuid:pk>/cancel/", generation.cancel_generation, name="cancel_generation"),
    path("agreements/", agreements.agreement_list, name="agreement_list"),
    path("agreements/sealing/", sealing.sealing_queue, name="sealing_queue"),
    path("agreements/sealing/<uuid:pk>/retry/", sealing.retry_sealing, name="retry_sealing"),
    path("agreements/<uuid:pk>/", agreements.agreement_detail, name="agreement_detail"),
    path("agreements/<uuid:pk>/text/", agreements.agreement_text, name="agreement_text"),
    path("agreements/<uuid:pk>/agreement.pdf", agreements.agreement_pdf, name="agreement_pdf"),
    path("agreements/<uuid:pk>/sealed.pdf", agreements.sealed_pdf, name="sealed_pdf"),
    path("agreements/<uuid:pk>/certificate.pdf", agreements.certificate_pdf, name="certificate_pdf"),
    path("agreements/<uuid:pk>/freeze/", agreements.freeze_agreement, name="freeze_agreement"),
    path("agreements/<uuid:pk>/supersede/", agreements.supersede_agreement, name="supersede_agreement"),
    path("agreements/<uuid:pk>/decline/", agreements.decline_agreement, name="decline_agreement"),
    path("agreements/<uuid:pk>/reconsider/", agreements.reconsider_agreement, name="reconsider_agreement"),
    path("agreements/<uuid:pk>/void/", agreements.void_agreement, name="void_agreement"),
    path("agreements/<uuid:pk>/share/", shares.share_agreement, name="share_agreement"),
    path("households/<uuid:pk>/agreement/", agreements.make_agreement, name="make_agreement"),
    path("share/<str:token>/", shares.shared_agreement, name="shared_agreement"),
    path("share-links/<uuid:pk>/revoke/", shares.revoke_share_link, name="revoke_share_link"),
    path("verify/", verification.verify, name="verify"),
]  # fmt: skip
