import caoyang_portal.ids
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0003_venues"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultation", "0004_paper_jobs"),
        ("households", "0004_staff_lists"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeetingSeries",
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
                ("name", models.CharField(max_length=80, verbose_name="系列名称")),
                ("rhythm", models.CharField(blank=True, max_length=80, verbose_name="多久一次")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                        fields=("neighbourhood", "name"), name="a_series_is_named_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
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
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="次")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("hearing", "听证会"),
                            ("coordination", "协调会"),
                            ("review", "评议会"),
                            ("council_room", "红色议事厅"),
                            ("tea_table", "民主茶桌"),
                            ("saturday_hall", "周六议事厅"),
                            ("round_table", "圆桌会"),
                            ("heart_to_heart", "恳谈会（楼宇、园区）"),
                            ("consultation", "协商会（楼宇、园区）"),
                            ("building_review", "楼宇评议会"),
                            ("group_chat", "楼组群云协商"),
                            ("residents_assembly", "居民会议"),
                            ("owners_meeting", "业主大会会议"),
                            ("congress", "社区代表会议"),
                        ],
                        max_length=20,
                        verbose_name="会议形式",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("purpose", models.TextField(blank=True, verbose_name="为什么开")),
                ("convenor", models.CharField(max_length=120, verbose_name="召集")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("in_person", "现场"),
                            ("online", "线上"),
                            ("hybrid", "现场加线上"),
                        ],
                        default="in_person",
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="地点")),
                ("live_url", models.URLField(blank=True, verbose_name="直播地址")),
                ("replay_url", models.URLField(blank=True, verbose_name="回放地址")),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="提前几天通知"),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="居民都能报名")),
                (
                    "capacity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="名额"),
                ),
                ("observers", models.PositiveIntegerField(default=0, verbose_name="旁听名额")),
                (
                    "registration_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="报名截止"),
                ),
                (
                    "quorum",
                    models.CharField(
                        choices=[
                            ("none", "不要求"),
                            ("heads", "按人数"),
                            ("households", "按户数"),
                            ("heads_and_area", "按人数和面积"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="法定人数",
                    ),
                ),
                ("quorum_part", models.PositiveSmallIntegerField(default=1)),
                ("quorum_whole", models.PositiveSmallIntegerField(default=2)),
                ("quorum_exceeded", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "筹备中"),
                            ("announced", "已通知"),
                            ("under_way", "正在开"),
                            ("held", "已开完"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("announced_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="取消原因"),
                ),
                (
                    "booking",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.booking",
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
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "host",
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
                    "recorders",
                    models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "roll",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.poll",
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.venue",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consultation.meetingseries",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at"],
                "indexes": [
                    models.Index(
                        fields=["neighbourhood", "state", "starts_at"], name="meeting_by_place"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_meeting_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        fields=("series", "number"), name="a_meeting_has_its_number_in_the_series"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            ("announced_at__isnull", False),
                            _connector="OR",
                        ),
                        name="an_announced_meeting_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(("closed_at__isnull", False), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_held_meeting_was_opened_and_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_cancelled_meeting_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "online"),
                            models.Q(("place", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_meeting_in_person_has_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quorum_part__lte", models.F("quorum_whole")), ("quorum_whole__gt", 0)
                        ),
                        name="a_quorum_is_a_part_of_a_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                ("is_online", models.BooleanField(default=False, verbose_name="线上参加")),
                ("needs", models.CharField(blank=True, max_length=120, verbose_name="需要帮忙")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("coming", "已报名"),
                            ("waiting", "候补"),
                            ("cancelled", "已取消"),
                        ],
                        default="coming",
                        max_length=10,
                    ),
                ),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="households.household",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["registered_at", "pk"],
                "indexes": [
                    models.Index(fields=["meeting", "state"], name="registration_by_state")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("meeting", "user"),
                        name="a_person_registers_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
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
                ("title", models.CharField(max_length=120, verbose_name="题目")),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("resident", "居民提出"),
                            ("staff", "居委提出"),
                            ("suggestion", "人民建议转来"),
                            ("objection", "异议转来"),
                            ("claim", "诉求转来"),
                            ("visit", "走访带回"),
                            ("outside", "政协、代表等渠道"),
                        ],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                (
                    "source_ref",
                    models.CharField(blank=True, max_length=80, verbose_name="来源编号"),
                ),
                (
                    "proposer_name",
                    models.CharField(blank=True, max_length=80, verbose_name="提出人"),
                ),
                ("is_unnamed", models.BooleanField(default=False, verbose_name="不公开姓名")),
                ("is_private", models.BooleanField(default=False)),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        default="proposed",
                        max_length=14,
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hearing", "听证会"),
                            ("coordination", "协调会"),
                            ("review", "评议会"),
                            ("council_room", "红色议事厅"),
                            ("tea_table", "民主茶桌"),
                            ("saturday_hall", "周六议事厅"),
                            ("round_table", "圆桌会"),
                            ("heart_to_heart", "恳谈会（楼宇、园区）"),
                            ("consultation", "协商会（楼宇、园区）"),
                            ("building_review", "楼宇评议会"),
                            ("group_chat", "楼组群云协商"),
                            ("residents_assembly", "居民会议"),
                            ("owners_meeting", "业主大会会议"),
                            ("congress", "社区代表会议"),
                        ],
                        max_length=20,
                        verbose_name="议事形式",
                    ),
                ),
                ("next_step", models.CharField(blank=True, max_length=120, verbose_name="下一步")),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="答应的日期")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
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
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="households.household",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
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
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.organisation",
                    ),
                ),
                ("photos", models.ManyToManyField(related_name="+", to="uploads.attachment")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at"],
                "indexes": [
                    models.Index(
                        fields=["neighbourhood", "state", "next_on"], name="topic_by_place"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "number"), name="a_topic_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["evaluated", "declined", "merged", "withdrawn"]),
                            models.Q(
                                ("next_on__isnull", False),
                                models.Q(("next_step", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_live_topic_promises_its_next_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True), ("merged_into", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_merged_topic_says_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="no_topic_merges_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_declined_topic_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "screened", "declined", "merged", "withdrawn"],
                            ),
                            models.Q(("form", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_approved_topic_has_a_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
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
                ("title", models.CharField(max_length=160, verbose_name="议程")),
                ("presenter", models.CharField(blank=True, max_length=80, verbose_name="介绍人")),
                ("minutes", models.PositiveSmallIntegerField(default=10, verbose_name="分钟")),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                ("papers", models.ManyToManyField(related_name="+", to="uploads.attachment")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda",
                        to="consultation.meeting",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda",
                        to="consultation.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("meeting", "number"),
                        name="an_agenda_item_has_its_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicStep",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("text", models.TextField(blank=True, verbose_name="说明")),
                ("next_step", models.CharField(blank=True, max_length=120, verbose_name="下一步")),
                ("next_on", models.DateField(null=True, verbose_name="答应的日期")),
                (
                    "by",
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
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="consultation.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["topic", "at"], name="step_by_topic")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("resident", "居民代表"),
                            ("affected", "利害关系人"),
                            ("assembly", "居民会议代表"),
                            ("unit", "单位代表"),
                            ("department", "部门"),
                            ("expert", "专业人士"),
                            ("observer", "旁听"),
                            ("representative", "社区代表"),
                        ],
                        max_length=16,
                        verbose_name="身份",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="姓名")),
                ("drawn_from", models.CharField(blank=True, max_length=120, verbose_name="抽自")),
                (
                    "answer",
                    models.CharField(
                        choices=[("none", "未回复"), ("yes", "来"), ("no", "不来")],
                        default="none",
                        max_length=4,
                        verbose_name="回复",
                    ),
                ),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="households.household",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="households.member",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="consultation.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["role", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("meeting", "user"),
                        name="a_person_is_invited_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("meeting", "member"),
                        name="a_member_is_invited_once",
                    ),
                ],
            },
        ),
    ]
