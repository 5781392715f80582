"""Search in Chinese by pairs of letters; a neighbourhood may lead the index."""

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

from caoyang_portal import bigrams


class Migration(migrations.Migration):
    dependencies = [("community", "0004_departments")]
    operations = [
        BtreeGinExtension(),
        migrations.RunSQL(bigrams.CREATE, bigrams.DROP),
    ]
