"""Addresses of publicities: for everyone, then the desk. No publicity's id is ``desk``."""

from django.urls import path

from .views import desk, looking, places

app_name = "publicity"
DESK = "publicity/desk/"
HERE = f"{DESK}<uuid:pk>/"
PAGE = "publicity/<uuid:pk>/"

urlpatterns = [
    path("publicity/", looking.publicity_list, name="publicity_list"),
    path(PAGE, looking.publicity, name="publicity"),
    path(f"{PAGE}object/", looking.object_to_publicity, name="object_to_publicity"),
    path(f"{PAGE}files/<int:number>/", looking.publicity_file, name="publicity_file"),
    path(f"{PAGE}notice.pdf", looking.notice, name="notice"),
    path(f"{PAGE}certificate.pdf", looking.certificate, name="certificate"),
    path("publicity/objections/files/<uuid:pk>/", looking.objection_file, name="objection_file"),
    path("publicity/places/<uuid:pk>/", places.put_up_notice, name="put_up_notice"),
    path("publicity/places/<uuid:pk>/off/", places.take_off_notice, name="take_off_notice"),
    path("publicity/places/<uuid:pk>/photo/", places.place_photo, name="place_photo"),
    path(DESK, desk.desk, name="desk"),
    path(f"{DESK}draft/", desk.draft_publicity, name="draft_publicity"),
    path(HERE, desk.desk_publicity, name="desk_publicity"),
    path(f"{HERE}edit/", desk.edit_publicity, name="edit_publicity"),
    path(f"{HERE}files/", desk.add_publicity_file, name="add_publicity_file"),
    path(
        f"{DESK}files/<uuid:pk>/remove/", desk.remove_publicity_file, name="remove_publicity_file"
    ),
    path(f"{HERE}post/", desk.post_publicity, name="post_publicity"),
    path(f"{HERE}extend/", desk.extend_publicity, name="extend_publicity"),
    path(f"{HERE}again/", desk.publish_again, name="publish_again"),
    path(f"{HERE}withdraw/", desk.withdraw_publicity, name="withdraw_publicity"),
    path(f"{HERE}take-down/", desk.take_down_publicity, name="take_down_publicity"),
    path(f"{HERE}certificate/", desk.order_certificate, name="order_certificate"),
    path(f"{HERE}places/", places.add_posting_place, name="add_posting_place"),
    path(
        f"{DESK}places/<uuid:pk>/remove/", places.remove_posting_place, name="remove_posting_place"
    ),
    path(f"{HERE}objections/", desk.enter_objection, name="enter_objection"),
    path(f"{DESK}objections/<uuid:pk>/", desk.answer_objection, name="answer_objection"),
    path(f"{DESK}objections/<uuid:pk>/hide/", desk.hide_objection, name="hide_objection"),
]
