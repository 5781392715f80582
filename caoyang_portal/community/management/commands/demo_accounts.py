"""``manage.py demo_accounts``: who can be signed in as, and where (演示账号)."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from caoyang_portal.community.codes import DEMO_CODE
from caoyang_portal.community.models import User
from caoyang_portal.demo import ACCOUNTS


class Command(BaseCommand):
    help = "List the demonstration's accounts and the page on which each is one click away."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("There are demo accounts with DEMO=1 only.")
        accounts = [
            {
                "key": account.key,
                "label": str(account.label),
                "name": account.name,
                "phone": account.phone.removeprefix("+86"),
                "office": account.office,
                "loaded": User.objects.by_phone(account.phone) is not None,
            }
            for account in ACCOUNTS
        ]
        page = f"{settings.SITE_URL}/demo/"
        if options["json"]:
            answer = {"page": page, "code": DEMO_CODE, "accounts": accounts}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{page}  (code by SMS: {DEMO_CODE})")
        for account in accounts:
            self.stdout.write(f"  {account['label']}  {account['name']}  {account['phone']}")
