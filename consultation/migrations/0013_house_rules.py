import caoyang_portal.ids
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_departments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultation", "0012_minutes_guards"),
        ("households", "0004_staff_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvaluationForm",
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
                ("code", models.SlugField(max_length=40)),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("legal_basis", models.CharField(max_length=300, verbose_name="依据")),
                ("scale_to", models.PositiveSmallIntegerField(default=5, verbose_name="最高分")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.neighbourhood",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "code", "version"),
                        name="an_evaluation_form_has_one_version_per_number",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvaluationCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(max_length=40)),
                ("text", models.CharField(max_length=200, verbose_name="评议项")),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.neighbourhood",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="consultation.evaluationform",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("form", "number"), name="a_criterion_has_its_number"
                    ),
                    models.UniqueConstraint(
                        fields=("form", "code"), name="a_criterion_is_asked_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
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
                ("body_name", models.CharField(max_length=80, verbose_name="业委会名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("opens_on", models.DateField(verbose_name="开始")),
                ("closes_on", models.DateField(verbose_name="截止")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "准备中"),
                            ("open", "正在评议"),
                            ("closed", "已截止"),
                            ("published", "已公布"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
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
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consultation.evaluationform",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "body_name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "body_name", "year"),
                        name="a_committee_is_evaluated_once_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gt", models.F("opens_on"))),
                        name="an_evaluation_has_its_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_published_evaluation_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvaluationSheet",
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
                ("scores", models.JSONField()),
                ("remarks", models.TextField(blank=True, verbose_name="意见")),
                ("filled_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="consultation.evaluation",
                    ),
                ),
                (
                    "filled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evaluation", "household"), name="a_household_evaluates_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseRules",
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
                        fields=("neighbourhood", "name"), name="house_rules_are_named_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RulesVersion",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("preface", models.TextField(blank=True, verbose_name="开头的话")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="为什么改")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("commenting", "征求意见中"),
                            ("commented", "意见已收完"),
                            ("voting", "表决中"),
                            ("adopted", "已通过，公示中"),
                            ("in_force", "生效中"),
                            ("replaced", "已被新版代替"),
                            ("rejected", "没有通过"),
                            ("dropped", "已放弃"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(null=True)),
                ("comments_until", models.DateField(null=True, verbose_name="意见截止")),
                (
                    "publicity_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="通过后公示几天"),
                ),
                ("adopted_at", models.DateTimeField(null=True)),
                ("in_force_on", models.DateField(null=True, verbose_name="生效日期")),
                ("replaced_on", models.DateField(null=True, verbose_name="失效日期")),
                (
                    "drop_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="放弃的原因"),
                ),
                (
                    "based_on",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_versions",
                        to="consultation.rulesversion",
                    ),
                ),
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
                (
                    "poll",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules_version",
                        to="consultation.poll",
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="consultation.houserules",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rules", "number"), name="a_rules_version_has_its_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "commenting", "voting", "adopted"])
                        ),
                        fields=("rules",),
                        name="one_version_of_house_rules_is_on_its_way",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("rules",),
                        name="one_version_of_house_rules_is_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["adopted", "in_force", "replaced"]), _negated=True
                            ),
                            models.Q(("adopted_at__isnull", False), ("poll__isnull", False)),
                            _connector="OR",
                        ),
                        name="adopted_house_rules_were_voted_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_force", "replaced"]), _negated=True),
                            ("in_force_on__isnull", False),
                            _connector="OR",
                        ),
                        name="house_rules_in_force_say_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("drop_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dropped_house_rules_say_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["commenting", "commented"]), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="commented_house_rules_were_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RulesArticle",
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
                ("line", models.UUIDField(default=caoyang_portal.ids.new_id)),
                ("position", models.PositiveSmallIntegerField(null=True)),
                ("heading", models.CharField(max_length=80, verbose_name="标题")),
                ("text", models.TextField(verbose_name="条文")),
                (
                    "removed_because",
                    models.CharField(blank=True, max_length=300, verbose_name="删去的原因"),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="consultation.rulesversion",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "line"), name="an_article_stands_once_in_a_version"
                    ),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("version", "position"),
                        name="an_article_has_its_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("position__isnull", False),
                            models.Q(("removed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_struck_article_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RulesAcknowledgement",
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
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="consultation.rulesversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "household"), name="a_household_takes_note_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleComment",
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
                ("text", models.TextField(verbose_name="意见")),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken", models.BooleanField(null=True, verbose_name="采纳")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="consultation.rulesarticle",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="consultation.rulesversion",
                    ),
                ),
            ],
            options={
                "ordering": ["raised_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("taken", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("taken__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_comment_has_reasons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_comment_says_something",
                    ),
                ],
            },
        ),
    ]
