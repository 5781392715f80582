"""Addresses: signing."""

from django.urls import path

from households.views import assisted, home, materials, signing

DESK = "agreements/<uuid:pk>/materials/"

urlpatterns = [
    path("home/", home.home, name="home"),
    path("sign/<uuid:pk>/", signing.start, name="sign"),
    path("sign/<uuid:pk>/identity/", signing.identity, name="sign_identity"),
    path("sign/<uuid:pk>/tasks/", signing.tasks, name="sign_tasks"),
    path("sign/<uuid:pk>/plan/", signing.plan, name="sign_plan"),
    path("sign/<uuid:pk>/details/", signing.details, name="sign_details"),
    path("sign/<uuid:pk>/people/", signing.people, name="sign_people"),
    path("sign/<uuid:pk>/materials/", materials.materials, name="sign_materials"),
    path("sign/<uuid:pk>/materials/add/", materials.hand_in, name="sign_material_hand_in"),
    path(
        "sign/<uuid:pk>/materials/<uuid:file_pk>/", materials.own_file, name="sign_material_file"
    ),
    path(
        "sign/<uuid:pk>/materials/<uuid:file_pk>/remove/",
        materials.take_back,
        name="sign_material_take_back",
    ),
    path("sign/<uuid:pk>/read/", signing.read, name="sign_read"),
    path("sign/<uuid:pk>/read/<int:number>/", signing.read_chapter, name="sign_chapter"),
    path("sign/<uuid:pk>/read/all/", signing.full_text, name="sign_full_text"),
    path("sign/<uuid:pk>/check/", signing.check, name="sign_check"),
    path("sign/<uuid:pk>/notice/", signing.notice, name="sign_notice"),
    path("sign/<uuid:pk>/code/", signing.send_code, name="sign_code"),
    path("sign/<uuid:pk>/name/", signing.sign_name, name="sign_name"),
    path("sign/<uuid:pk>/receipt/", signing.receipt, name="sign_receipt"),
    path(f"{DESK}seen/", materials.note_material_seen, name="note_material_seen"),
    path(f"{DESK}files/<uuid:file_pk>/", materials.read_material, name="read_material"),
    path(f"{DESK}<uuid:material_pk>/check/", materials.check_material, name="check_material"),
    path(f"{DESK}<uuid:material_pk>/return/", materials.return_material, name="return_material"),
    path("projects/<uuid:pk>/materials/", materials.material_items, name="material_items"),
    path(
        "projects/<uuid:pk>/materials/<uuid:item_pk>/drop/",
        materials.drop_material_item,
        name="drop_material_item",
    ),
    path("signing/partly/", assisted.partly_signed, name="partly_signed"),
    path("agreements/<uuid:pk>/tablet/", assisted.tablet, name="sign_on_tablet"),
    path("agreements/<uuid:pk>/paper/", assisted.paper, name="enter_paper_signature"),
]
