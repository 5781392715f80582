import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0015_resolutions"),
    ]

    operations = [
        migrations.AddField(
            model_name="congressissue",
            name="resolution",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issue",
                to="consultation.resolution",
            ),
        ),
    ]
