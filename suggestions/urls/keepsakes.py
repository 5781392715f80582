"""Addresses of keepsakes."""

from django.urls import path

from suggestions.views import keepsake_desk as desk
from suggestions.views import keepsakes

DESK = "keepsakes/desk/"
ON_DESK = f"{DESK}<uuid:pk>/"
ONE = "keepsakes/<uuid:pk>/"
PHOTO = "keepsakes/photos/<uuid:pk>/"

urlpatterns = [
    path("keepsakes/", keepsakes.keepsake_list, name="keepsake_list"),
    path("keepsakes/offer/", keepsakes.offer_keepsake, name="offer_keepsake"),
    path(DESK, desk.keepsake_desk, name="keepsake_desk"),
    path(f"{DESK}places/<uuid:pk>/enter/", desk.enter_keepsake, name="enter_keepsake"),
    path(f"{DESK}places/<uuid:pk>/labels/", desk.keepsake_labels, name="keepsake_labels"),
    path(ON_DESK, desk.desk_keepsake, name="desk_keepsake"),
    path(f"{ON_DESK}consent/", desk.keepsake_consent, name="keepsake_consent"),
    path(f"{ON_DESK}accept/", desk.accept_keepsake, name="accept_keepsake"),
    path(f"{ON_DESK}decline/", desk.decline_keepsake, name="decline_keepsake"),
    path(f"{ON_DESK}show/", desk.show_keepsake, name="show_keepsake"),
    path(f"{ON_DESK}hide/", desk.hide_keepsake, name="hide_keepsake"),
    path(f"{ON_DESK}return/", desk.return_keepsake, name="return_keepsake"),
    path(ONE, keepsakes.keepsake, name="keepsake"),
    path(f"{ONE}withdraw/", keepsakes.withdraw_keepsake, name="withdraw_keepsake"),
    path(PHOTO, keepsakes.keepsake_photo, name="keepsake_photo"),
    path(f"{PHOTO}small/", keepsakes.keepsake_small_photo, name="keepsake_small_photo"),
]
