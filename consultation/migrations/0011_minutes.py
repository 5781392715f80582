import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_departments"),
        ("consultation", "0010_topic_steps"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Minutes",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record_of_it",
                        to="consultation.meeting",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("sent", "等更正"),
                            ("signing", "签字中"),
                            ("signed", "已签齐，正在盖章"),
                            ("sealed", "已盖章存档"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "correction_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="更正期（工作日）"),
                ),
                (
                    "recheck_days",
                    models.PositiveSmallIntegerField(default=2, verbose_name="改动后至少再留几天"),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "corrections_until",
                    models.DateField(blank=True, null=True, verbose_name="更正截止"),
                ),
                ("reminded_on", models.DateField(blank=True, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("search_text", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-drafted_at"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "state"], name="minutes_by_place")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("corrections_until__isnull", False), ("sent_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sent_minutes_say_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "sent", "signing"]),
                            ("signed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="signed_minutes_say_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sealed"), _negated=True),
                            ("sealed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sealed_minutes_say_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("correction_days__gte", 1)),
                        name="minutes_leave_a_day_for_corrections",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesVersion",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="consultation.minutes",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("body", models.JSONField()),
                ("public_body", models.JSONField(default=dict)),
                ("text_sha256", models.CharField(blank=True, max_length=64)),
                ("public_sha256", models.CharField(blank=True, max_length=64)),
                ("changes", models.CharField(blank=True, max_length=300, verbose_name="改了什么")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minutes", "number"), name="a_version_of_minutes_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("public_sha256", ""), ("text_sha256", "")),
                            models.Q(
                                ("public_sha256__regex", "^[0-9a-f]{64}$"),
                                ("text_sha256__regex", "^[0-9a-f]{64}$"),
                            ),
                            _connector="OR",
                        ),
                        name="minutes_that_stay_have_both_hashes",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MinutesCorrection",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="consultation.minutes",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.minutesversion",
                    ),
                ),
                ("section", models.CharField(blank=True, max_length=20)),
                ("where", models.CharField(max_length=200, verbose_name="哪一段")),
                ("text", models.TextField(verbose_name="应该怎么写")),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="提出人")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等答复"),
                            ("accepted", "已改"),
                            ("answered", "没有改，已说明"),
                            ("remark", "过期，作备注留存"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "became",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.minutesversion",
                    ),
                ),
            ],
            options={
                "ordering": ["raised_at", "pk"],
                "indexes": [
                    models.Index(fields=["minutes", "state"], name="correction_of_minutes")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_correction_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "remark"]),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_settled_correction_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_correction_not_made_is_explained",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("became__isnull", False), ("state", "accepted")),
                            models.Q(
                                models.Q(("state", "accepted"), _negated=True), ("became", None)
                            ),
                            _connector="OR",
                        ),
                        name="an_accepted_correction_has_its_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesSignatory",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatories",
                        to="consultation.minutes",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("host", "主持人"),
                            ("recorder", "记录人"),
                            ("representative", "代表"),
                        ],
                        max_length=16,
                        verbose_name="身份",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="姓名")),
                (
                    "excused",
                    models.CharField(blank=True, max_length=200, verbose_name="不签的原因"),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minutes", "order"), name="a_signatory_of_minutes_has_a_place"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("minutes", "user"),
                        name="a_person_signs_minutes_once",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MinutesSignature",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "signatory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="consultation.minutessignatory",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="consultation.minutesversion",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("code", "短信验证码"), ("paper", "纸上签字")],
                        max_length=6,
                        verbose_name="方式",
                    ),
                ),
                ("text_sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("signed_on", models.DateField(null=True)),
                (
                    "scan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("evidence", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["signed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("signatory", "version"), name="a_version_is_signed_once_by_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entered_by", None), ("scan", None), ("way", "code")),
                            models.Q(
                                ("entered_by__isnull", False),
                                ("scan__isnull", False),
                                ("way", "paper"),
                            ),
                            _connector="OR",
                        ),
                        name="a_signature_on_paper_has_its_scan",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MinutesAddendum",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addenda",
                        to="consultation.minutes",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="补记内容")),
                ("public_text", models.TextField()),
                ("reason", models.CharField(max_length=300, verbose_name="为什么补记")),
                ("public_reason", models.CharField(max_length=300)),
                (
                    "correction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.minutescorrection",
                    ),
                ),
                ("sealed_sha256", models.CharField(max_length=64)),
                ("public_sha256", models.CharField(max_length=64)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minutes", "number"), name="an_addendum_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="an_addendum_says_what_and_why",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MinutesPaper",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="consultation.minutes",
                    ),
                ),
                (
                    "addendum",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="consultation.minutesaddendum",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("internal", "内部版"), ("public", "公开版")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("working", "正在做"),
                            ("done", "已完成"),
                            ("failed", "未能完成"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("steps", models.PositiveSmallIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                ("sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                ("sealed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["queued_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("addendum", None)),
                        fields=("minutes", "audience"),
                        name="minutes_are_sealed_once_for_each_audience",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("addendum__isnull", False)),
                        fields=("addendum", "audience"),
                        name="an_addendum_is_sealed_once_for_each_audience",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file__isnull", False),
                                ("sealed_at__isnull", False),
                                ("state", "done"),
                                ("steps", 3),
                            ),
                            models.Q(
                                models.Q(("state", "done"), _negated=True),
                                ("file", None),
                                ("sealed_at", None),
                                ("sha256", ""),
                            ),
                            _connector="OR",
                        ),
                        name="a_finished_paper_of_minutes_has_its_file",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
