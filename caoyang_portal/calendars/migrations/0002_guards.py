"""The calendar begins with what has been announced."""

from django.db import migrations

from caoyang_portal.calendars.seeding import seed


def enter_announced_days(apps, schema_editor):
    seed(apps.get_model("calendars", "SpecialDay"))


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunPython(enter_announced_days, migrations.RunPython.noop)]
