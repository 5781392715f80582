"""The stock of poll kinds, and the first form of evaluation."""

from django.db import migrations

from consultation import evaluation_forms, seeding


def seed(apps, schema_editor):
    seeding.seed(apps.get_model("consultation", "PollKind"))
    evaluation_forms.seed(
        apps.get_model("consultation", "EvaluationForm"),
        apps.get_model("consultation", "EvaluationCriterion"),
    )


class Migration(migrations.Migration):
    replaces = [("consultation", "0003_kinds"), ("consultation", "0014_house_rules_guards")]

    dependencies = [("consultation", "0007_guards_of_house_rules")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
