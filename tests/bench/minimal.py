"""The floor under a legal act (对照): a view that writes as many rows in one transaction, and no more."""

from django.db import connection, models, transaction
from django.http import HttpResponse
from django.urls import path

TABLE = """
CREATE TABLE IF NOT EXISTS bench_row (
    id bigserial PRIMARY KEY, subject uuid NOT NULL, text varchar(1200) NOT NULL, at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS bench_row_subject ON bench_row (subject);
CREATE TABLE IF NOT EXISTS bench_state (
    id uuid PRIMARY KEY, n integer NOT NULL, text varchar(200) NOT NULL)
"""


class Row(models.Model):
    """A row as an act inserts it."""

    subject = models.UUIDField()
    text = models.CharField(max_length=1200)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_row"

    def __str__(self):
        return str(self.pk)


class Place(models.Model):
    """A row as an act changes it."""

    id = models.UUIDField(primary_key=True)
    n = models.IntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_state"

    def __str__(self):
        return str(self.pk)


def prepare(subjects) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    Place.objects.bulk_create([Place(id=pk, n=0, text="x" * 100) for pk in subjects])


def write(request, pk, inserts, updates):
    """``inserts`` new rows and ``updates`` changed ones, by the ORM, in one transaction."""
    with transaction.atomic():
        place = Place.objects.select_for_update().get(pk=pk)
        for _number in range(updates):
            place.n += 1
            place.save(update_fields=["n"])
        for _number in range(inserts):
            Row.objects.create(subject=pk, text="x" * 400)
    return HttpResponse("ok")


urlpatterns = [
    path("livez", lambda request: HttpResponse("ok")),
    path("write/<uuid:pk>/<int:inserts>/<int:updates>/", write),
]
