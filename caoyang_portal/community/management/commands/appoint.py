"""``manage.py appoint``: open an office holder's account on the machine itself (任命)."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from caoyang_portal.community.actions import appoint
from caoyang_portal.community.models import (
    Neighbourhood,
    Posting,
    SubDistrict,
    User,
    normalise_phone,
)

# What these need beside a place is asked for on the administrator's page.
ON_A_PAGE = ("building_leader", "department", "department_head")


class Command(BaseCommand):
    help = "Give a person an office and a password; the second factor is set up at first sign-in."

    def add_arguments(self, parser):
        parser.add_argument("phone")
        parser.add_argument(
            "office", choices=[o.value for o in Posting.Office if o not in ON_A_PAGE]
        )
        parser.add_argument("--name", default="")
        parser.add_argument("--street", help="code of the sub-district")
        parser.add_argument("--neighbourhood", help="code of the neighbourhood")

    @transaction.atomic
    def handle(self, phone, office, name, street, neighbourhood, **options):
        number = normalise_phone(phone)
        if not number:
            raise CommandError("That is not a mobile number of 11 digits.")
        place = Neighbourhood.objects.filter(code=neighbourhood).first()
        district = place.sub_district if place else SubDistrict.objects.filter(code=street).first()
        if district is None or (neighbourhood and place is None):
            raise CommandError("Name the place: --street CODE or --neighbourhood CODE.")
        user = User.objects.by_phone(number) or User.objects.create_user(number, name=name)
        user.set_password(self._password(user))
        user.save(update_fields=["password"])
        appoint(user, Posting.Office(office), sub_district=district, neighbourhood=place)
        self.stdout.write(
            f"{user.masked_phone}: {Posting.Office(office).label}, {place or district}"
        )

    def _password(self, user) -> str:
        if sys.stdin.isatty():
            password = getpass.getpass("Password (12 characters or more): ")
        else:
            password = sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, user)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        return password
