import caoyang_portal.community.models.venues
import caoyang_portal.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0002_guards"),
    ]

    operations = [
        BtreeGistExtension(),  # a venue's id and the hours of its bookings in one constraint
        migrations.CreateModel(
            name="Venue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=caoyang_portal.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("council_room", "议事厅"),
                            ("meeting_room", "会议室"),
                            ("mediation_room", "调解室"),
                            ("collection_point", "征集点"),
                            ("service_place", "服务点"),
                            ("outdoors", "室外"),
                        ],
                        max_length=20,
                        verbose_name="用途",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
                ("seats", models.PositiveIntegerField(blank=True, null=True, verbose_name="座位")),
                (
                    "opening_hours",
                    models.CharField(blank=True, max_length=80, verbose_name="开放时间"),
                ),
                ("has_step_free_way", models.BooleanField(default=False, verbose_name="轮椅能进")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.building",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "name"), name="a_venue_is_named_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=caoyang_portal.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                ("purpose", models.CharField(max_length=120, verbose_name="用来做什么")),
                ("booked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "booked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="community.venue",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_booking_ends_after_it_starts",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        expressions=[
                            ("venue", "="),
                            (
                                caoyang_portal.community.models.venues.Span(
                                    "starts_at",
                                    "ends_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="a_venue_is_booked_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
