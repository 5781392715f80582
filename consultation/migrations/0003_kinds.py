"""The stock of poll kinds."""

from django.db import migrations

from consultation import seeding


def seed(apps, schema_editor):
    seeding.seed(apps.get_model("consultation", "PollKind"))


class Migration(migrations.Migration):
    dependencies = [("consultation", "0002_guards")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
