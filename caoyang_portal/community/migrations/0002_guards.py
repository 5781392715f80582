"""Search by similarity, and the cache table in which allauth's rate limits live."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# As Django's createcachetable writes it.
CACHE = """
CREATE TABLE "cache" (
    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
    "value" text NOT NULL,
    "expires" timestamp with time zone NOT NULL
);
CREATE INDEX "cache_expires" ON "cache" ("expires");
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(CACHE, 'DROP TABLE "cache"'),
    ]
