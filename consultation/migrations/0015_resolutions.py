import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_departments"),
        ("consultation", "0014_house_rules_guards"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resolution",
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
                ("number", models.CharField(max_length=20, verbose_name="编号")),
                ("text", models.CharField(max_length=1000, verbose_name="议定的事")),
                ("dissent", models.TextField(blank=True, verbose_name="不同意见")),
                (
                    "responsible_name",
                    models.CharField(blank=True, max_length=120, verbose_name="谁来办"),
                ),
                ("due_on", models.DateField(verbose_name="办好的日期")),
                ("first_due_on", models.DateField(verbose_name="原定的日期")),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                ("is_public", models.BooleanField(default=True, verbose_name="公开")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "正在办"),
                            ("claimed", "报已办好，等评议"),
                            ("evaluated", "大家认可"),
                            ("reopened", "重新办"),
                            ("dropped", "不再办"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True)),
                ("satisfied", models.PositiveIntegerField(null=True, verbose_name="满意")),
                ("dissatisfied", models.PositiveIntegerField(null=True, verbose_name="不满意")),
                (
                    "drop_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="为什么不再办"),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolution",
                        to="consultation.meetingdecision",
                    ),
                ),
                (
                    "follow_up",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolution",
                        to="consultation.followup",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="consultation.meeting",
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
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="consultation.poll",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "responsible_body",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.organisation",
                    ),
                ),
                (
                    "responsible_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewed",
                        to="consultation.meeting",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="consultation.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["-recorded_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["neighbourhood", "state", "due_on"], name="resolution_by_place"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "number"), name="a_resolution_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("responsible_user__isnull", False),
                            ("responsible_body__isnull", False),
                            models.Q(("responsible_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_resolution_has_somebody_who_carries_it_out",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["claimed", "evaluated"]), _negated=True),
                            ("claimed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_claimed_resolution_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "evaluated"), _negated=True),
                            models.Q(
                                ("review__isnull", False),
                                ("satisfied__gt", models.F("dissatisfied")),
                            ),
                            _connector="OR",
                        ),
                        name="an_accepted_resolution_was_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("drop_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_dropped_resolution_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResolutionEvidence",
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
                    "when",
                    models.CharField(
                        choices=[("before", "办之前"), ("after", "办好后")],
                        max_length=6,
                        verbose_name="什么时候的",
                    ),
                ),
                ("caption", models.CharField(max_length=120, verbose_name="说明")),
                ("is_public", models.BooleanField(default=False, verbose_name="可以公开")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="consultation.resolution",
                    ),
                ),
            ],
            options={
                "ordering": ["-when", "added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ResolutionNote",
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
                            ("progress", "进展"),
                            ("postponed", "改期"),
                            ("claimed", "报已办好"),
                            ("evaluated", "评议认可"),
                            ("reopened", "重新办"),
                            ("dropped", "不再办"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(verbose_name="说明")),
                ("due_before", models.DateField(null=True)),
                ("due_after", models.DateField(null=True)),
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
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="consultation.resolution",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_resolution_note_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "postponed"), _negated=True),
                            models.Q(
                                ("due_after__gt", models.F("due_before")),
                                ("due_before__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_postponement_is_to_a_later_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResolutionScore",
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
                ("is_satisfied", models.BooleanField(verbose_name="满意")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="想说的话")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.meeting",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="consultation.resolution",
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
                        fields=("resolution", "meeting", "user"),
                        name="a_person_scores_a_resolution_once_a_review",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfGovernanceProject",
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
                            ("shiheyuan", "事和院"),
                            ("one_key", "一把钥匙开一把锁"),
                            ("help_team", "同心成套改造助力团"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("aim", models.TextField(verbose_name="要做什么")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "筹备中"),
                            ("running", "进行中"),
                            ("finished", "已完成"),
                            ("stopped", "已停止"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="打算哪天做完")),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.TextField(blank=True, verbose_name="做成了什么")),
                (
                    "stop_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="为什么停"),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entered_by",
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
                    "resolution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="consultation.resolution",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="consultation.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["-entered_at", "-pk"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "state"], name="selfgov_by_place")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "name"),
                        name="a_self_governance_project_is_named_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "finished"), _negated=True),
                            models.Q(("result", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_finished_self_governance_project_has_a_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "stopped"), _negated=True),
                            models.Q(("stop_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_stopped_self_governance_project_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
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
                ("text", models.CharField(max_length=120, verbose_name="用途")),
                ("source", models.CharField(max_length=120, verbose_name="谁出钱")),
                ("planned_cents", models.PositiveBigIntegerField(verbose_name="预算")),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget",
                        to="consultation.selfgovernanceproject",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "text"), name="a_budget_line_is_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("planned_cents__gt", 0)),
                        name="a_budget_line_has_money",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Expense",
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
                ("text", models.CharField(max_length=120, verbose_name="买了什么")),
                ("cents", models.BigIntegerField(verbose_name="金额")),
                ("spent_on", models.DateField(verbose_name="日期")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expenses",
                        to="consultation.budgetline",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ["spent_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cents", 0), _negated=True),
                        name="an_expense_is_not_nothing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectMember",
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
                ("name", models.CharField(max_length=80, verbose_name="姓名")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("leader", "带头人"),
                            ("member", "成员"),
                            ("expert", "专业人士"),
                            ("volunteer", "志愿者"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="身份",
                    ),
                ),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("left_at", models.DateTimeField(null=True)),
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
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team",
                        to="consultation.selfgovernanceproject",
                    ),
                ),
            ],
            options={
                "ordering": ["joined_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None), ("user__isnull", False)),
                        fields=("project", "user"),
                        name="a_person_is_in_a_team_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectPhoto",
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
                    "when",
                    models.CharField(
                        choices=[("before", "以前"), ("after", "现在")],
                        max_length=6,
                        verbose_name="什么时候的",
                    ),
                ),
                ("caption", models.CharField(max_length=120, verbose_name="说明")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="consultation.selfgovernanceproject",
                    ),
                ),
            ],
            options={
                "ordering": ["-when", "added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ProjectTask",
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
                ("text", models.CharField(max_length=200, verbose_name="任务")),
                ("due_on", models.DateField(verbose_name="最晚哪天")),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_note",
                    models.CharField(blank=True, max_length=200, verbose_name="怎么做的"),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="consultation.projectmember",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="consultation.selfgovernanceproject",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("done_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_done_project_task_says_how",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="opinionhandling",
            name="nobody_passes_an_opinion_on_without_consent",
        ),
        migrations.AddConstraint(
            model_name="opinionhandling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None),
                    models.Q(("return_agreed", True), ("return_agreed__isnull", False)),
                    ("role", "helping"),
                    _connector="OR",
                ),
                name="nobody_passes_an_opinion_on_without_consent",
            ),
        ),
    ]
