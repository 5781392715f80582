import caoyang_portal.confidential
import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_bigrams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("households", "0004_staff_lists"),
        ("suggestions", "0003_claims"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "征集令"),
                            ("anti_fraud", "反诈上门"),
                            ("six_prevention", "六防上门"),
                        ],
                        max_length=16,
                        verbose_name="类型",
                    ),
                ),
                ("theme", models.CharField(max_length=60, verbose_name="主题")),
                ("explanation", models.TextField(verbose_name="说明")),
                ("channels", models.CharField(max_length=200, verbose_name="怎么提")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("open", "进行中"),
                            ("closed", "已截止"),
                            ("answered", "已答复"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="哪天开始")),
                ("ends_on", models.DateField(verbose_name="哪天截止")),
                ("answer_by", models.DateField(verbose_name="最晚哪天公开答复")),
                ("visit_round", models.PositiveSmallIntegerField(default=1)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, verbose_name="公开答复")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么取消"),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "drafted_by",
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
            ],
            options={
                "ordering": ["-starts_on", "-pk"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "state"], name="campaign_by_place")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "theme"), name="a_campaign_s_theme_is_there_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_by__gte", models.F("ends_on")),
                            ("ends_on__gte", models.F("starts_on")),
                        ),
                        name="a_campaign_ends_before_it_is_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "cancelled")),
                            ("opened_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_running_campaign_was_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_campaign_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_cancelled_campaign_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("visit_round", 1),
                            models.Q(
                                ("visit_round", 2), models.Q(("kind", "call"), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_campaign_has_two_rounds_of_visits_at_most",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignEntry",
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
                    "name",
                    caoyang_portal.confidential.ConfidentialField(blank=True, verbose_name="姓名"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "网上"),
                            ("counter", "窗口"),
                            ("phone", "电话"),
                            ("visit", "走访"),
                            ("paper", "纸面"),
                        ],
                        max_length=8,
                        verbose_name="渠道",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="suggestions.campaign",
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
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
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
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("campaign", "user"),
                        name="a_person_answers_a_campaign_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("channel", "online"),
                                ("entered_by", None),
                                ("user__isnull", False),
                            ),
                            models.Q(
                                models.Q(("channel", "online"), _negated=True),
                                ("entered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_entry_is_one_s_own_or_staff_s",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignHome",
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
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.building",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="homes",
                        to="suggestions.campaign",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.household",
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
                "ordering": ["building__number", "household__room", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "household"), name="a_home_is_in_a_campaign_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignQuestion",
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
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=120, verbose_name="题目")),
                (
                    "kind",
                    models.CharField(
                        choices=[("short", "一句话"), ("long", "一段话"), ("choice", "选一个")],
                        max_length=8,
                        verbose_name="怎么答",
                    ),
                ),
                ("options", models.TextField(blank=True, verbose_name="选项")),
                ("is_needed", models.BooleanField(default=True, verbose_name="一定要答")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="suggestions.campaign",
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
                        fields=("campaign", "number"), name="a_campaign_question_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "choice"), ("options", ""), _connector="XOR"),
                        name="a_question_of_choice_has_options",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignAnswer",
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
                ("text", models.TextField()),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="suggestions.campaignentry",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="suggestions.campaignquestion",
                    ),
                ),
            ],
            options={
                "ordering": ["question__number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "question"), name="a_campaign_question_is_answered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignVisit",
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
                ("visit_round", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("met", "见到本人"),
                            ("phone", "只通了电话"),
                            ("nobody", "没有人在家"),
                        ],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="suggestions.campaignhome",
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
                "ordering": ["visit_round"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("home", "visit_round"), name="a_home_is_entered_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit_round__in", (1, 2))),
                        name="there_are_two_rounds_of_visits",
                    ),
                ],
            },
        ),
    ]
