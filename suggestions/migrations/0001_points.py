import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("community", "0005_bigrams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectionPoint",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("centre", "中心"), ("area", "片区站"), ("point", "征集点")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("address", models.CharField(max_length=120, verbose_name="在哪里")),
                ("x", models.PositiveSmallIntegerField(verbose_name="图上从左数百分之几")),
                ("y", models.PositiveSmallIntegerField(verbose_name="图上从上数百分之几")),
                ("duty_name", models.CharField(max_length=40, verbose_name="值班人")),
                ("duty_phone", models.CharField(max_length=30, verbose_name="公开的电话")),
                (
                    "mailbox_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="邮筒几天开一次"
                    ),
                ),
                ("mailbox_since", models.DateField(blank=True, null=True)),
                ("mailbox_warned_for", models.DateField(blank=True, null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "close_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么停用"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "belongs_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="suggestions.collectionpoint",
                    ),
                ),
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
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "number"),
                        name="a_collection_point_has_its_number",
                    ),
                    models.UniqueConstraint(
                        fields=("neighbourhood", "name"), name="a_collection_point_is_named_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None), ("kind", "centre")),
                        fields=("neighbourhood",),
                        name="a_neighbourhood_has_one_collection_centre",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("x__lte", 100), ("y__lte", 100)),
                        name="a_collection_point_is_on_the_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "centre"), ("belongs_to__isnull", False), _connector="XOR"
                        ),
                        name="all_but_the_collection_centre_belong_to_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mailbox_days", None),
                            models.Q(("mailbox_days__gt", 0), ("mailbox_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_mailbox_is_opened_again_and_again",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None),
                            models.Q(("close_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_closed_collection_point_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointHours",
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
                ("since", models.DateField(verbose_name="从哪天起")),
                ("words", models.CharField(max_length=120, verbose_name="开放时间")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="suggestions.collectionpoint",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-since"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("point", "since"), name="a_point_has_one_set_of_hours_a_day"
                    )
                ],
            },
        ),
    ]
