import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_departments"),
        ("consultation", "0009_attendance"),
        ("households", "0004_staff_lists"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="approved_by_body",
            field=models.CharField(blank=True, max_length=120, verbose_name="批准的党组织"),
        ),
        migrations.AddField(
            model_name="topic",
            name="conclusion",
            field=models.TextField(blank=True, verbose_name="议定的结果"),
        ),
        migrations.AddField(
            model_name="topic",
            name="dissatisfied",
            field=models.PositiveIntegerField(null=True, verbose_name="不满意"),
        ),
        migrations.AddField(
            model_name="topic",
            name="instead",
            field=models.CharField(
                blank=True,
                choices=[
                    ("committee", "居委会个别办理"),
                    ("hotline", "12345 市民热线"),
                    ("mediation", "人民调解"),
                    ("street", "街道办事处"),
                    ("department", "政府部门"),
                    ("petition", "信访"),
                    ("court", "法院"),
                    ("nowhere", "不用再找别处"),
                ],
                max_length=12,
                verbose_name="可以找哪里",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="minder",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="objection",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="topic",
                to="consultation.pollobjection",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="original",
            field=models.TextField(blank=True, verbose_name="原话"),
        ),
        migrations.AddField(
            model_name="topic",
            name="photos_shown",
            field=models.BooleanField(default=False, verbose_name="照片可以公开"),
        ),
        migrations.AddField(
            model_name="topic",
            name="polls",
            field=models.ManyToManyField(related_name="topics", to="consultation.poll"),
        ),
        migrations.AddField(
            model_name="topic",
            name="rung",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="topic",
            name="satisfied",
            field=models.PositiveIntegerField(null=True, verbose_name="满意"),
        ),
        migrations.AddField(
            model_name="topic",
            name="screened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="topic",
            name="visit",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="topic",
                to="households.visit",
            ),
        ),
        migrations.AddField(
            model_name="topicstep",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="topicstep",
            name="told_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "carrying_out"), _negated=True),
                    ("payer__isnull", False),
                    _connector="OR",
                ),
                name="a_topic_carried_out_has_a_payer",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "evaluated"), _negated=True),
                    models.Q(("dissatisfied__isnull", False), ("satisfied__isnull", False)),
                    _connector="OR",
                ),
                name="an_evaluated_topic_says_how_many_were_satisfied",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by__isnull", False),
                    models.Q(("proposer_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_topic_has_somebody_who_brought_it",
            ),
        ),
        migrations.CreateModel(
            name="TopicMerge",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "已提出"),
                            ("screened", "已审单"),
                            ("approved", "已批单"),
                            ("deliberating", "议事中"),
                            ("decided", "已决定"),
                            ("carrying_out", "落实中"),
                            ("evaluated", "已评议"),
                            ("declined", "不列入议题"),
                            ("merged", "已并入"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=14,
                    ),
                ),
                ("next_step", models.CharField(max_length=120)),
                ("next_on", models.DateField()),
                ("rung", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.topic",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="consultation.topic",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("topic",),
                        name="a_topic_is_merged_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicScreening",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_duplicate", models.BooleanField(verbose_name="和别的议题重复")),
                ("is_ours", models.BooleanField(verbose_name="居民自己商量得了")),
                ("is_personal", models.BooleanField(verbose_name="只是一家一户的事")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                (
                    "by",
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
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="consultation.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TopicSupport",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supports",
                        to="consultation.topic",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "user"), name="a_person_supports_a_topic_once"
                    )
                ],
            },
        ),
    ]
