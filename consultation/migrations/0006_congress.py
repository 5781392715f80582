"""The community congress. Nothing of it is deleted; an answer stays as given, and is rated once."""

import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

GUARDS = r"""
CREATE FUNCTION consultation_reply_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.text, NEW.reply_class, NEW.replied_on, NEW.promise, NEW.promise_due)
        IS DISTINCT FROM (OLD.text, OLD.reply_class, OLD.replied_on, OLD.promise, OLD.promise_due)
        OR (OLD.rated_at IS NOT NULL
            AND (NEW.attitude, NEW.outcome, NEW.remark, NEW.rated_at)
            IS DISTINCT FROM (OLD.attitude, OLD.outcome, OLD.remark, OLD.rated_at))
        OR (OLD.kept_on IS NOT NULL
            AND (NEW.kept_on, NEW.kept_note, NEW.kept_proof_id)
            IS DISTINCT FROM (OLD.kept_on, OLD.kept_note, OLD.kept_proof_id))
    THEN
        RAISE EXCEPTION 'an answer stays as it was given'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_answer_stays_as_given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_opinionreply_stays
    BEFORE UPDATE ON consultation_opinionreply
    FOR EACH ROW EXECUTE FUNCTION consultation_reply_stays();
""" + "".join(
    f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION consultation_refuse();\n"
    for table in (
        "consultation_congressissue", "consultation_mergerecord", "consultation_mergedissue",
        "consultation_writtenopinion", "consultation_opinionhandling", "consultation_opinionreply",
        "consultation_opinionclock", "consultation_representative", "consultation_facetoface",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_departments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultation", "0005_topics_and_meetings"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Congress",
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
                    "sub_district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.subdistrict"
                    ),
                ),
                ("term", models.PositiveSmallIntegerField(verbose_name="第几届")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("theme", models.CharField(blank=True, max_length=120, verbose_name="主题")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "筹备中"),
                            ("gathering", "征集问题"),
                            ("balloting", "票选"),
                            ("held", "已召开"),
                            ("closed", "已结束"),
                        ],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                (
                    "ballot_kind",
                    models.CharField(
                        choices=[
                            ("top-ten", "每人最多选十项"),
                            ("top-ten-exactly", "每人必须选满十项"),
                        ],
                        default="top-ten",
                        max_length=20,
                        verbose_name="票选办法",
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="票选开始")),
                (
                    "closes_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="票选截止"),
                ),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="候选名单定下")),
                ("elected_at", models.DateTimeField(null=True, verbose_name="前十列入工作")),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.meeting",
                    ),
                ),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="召开日期")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="会场")),
                ("live_url", models.URLField(blank=True, verbose_name="直播地址")),
                ("replay_url", models.URLField(blank=True, verbose_name="回放地址")),
                (
                    "assign_working_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="交办（工作日）"),
                ),
                (
                    "return_working_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="申请退回（工作日）"),
                ),
                (
                    "result_days",
                    models.PositiveSmallIntegerField(default=21, verbose_name="报办理结果（天）"),
                ),
                (
                    "co_months",
                    models.PositiveSmallIntegerField(default=1, verbose_name="协办（月）"),
                ),
                (
                    "feedback_months",
                    models.PositiveSmallIntegerField(default=2, verbose_name="答复代表（月）"),
                ),
                (
                    "extension_months",
                    models.PositiveSmallIntegerField(default=3, verbose_name="最多延长（月）"),
                ),
                (
                    "warn_days",
                    models.PositiveSmallIntegerField(default=3, verbose_name="提前几天提醒"),
                ),
                (
                    "ladder_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="超期几个工作日报上一级"
                    ),
                ),
                ("legal_basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("prepared_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-year"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sub_district", "year"),
                        name="a_sub_district_has_one_congress_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_at", None),
                            ("closes_at__gt", models.F("opens_at")),
                            _connector="OR",
                        ),
                        name="a_congress_ballot_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["preparing", "gathering"]),
                            models.Q(
                                ("closes_at__isnull", False),
                                ("frozen_at__isnull", False),
                                ("opens_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="no_ballot_of_a_congress_without_frozen_candidates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["held", "closed"]), _negated=True),
                            ("held_on__isnull", False),
                            _connector="OR",
                        ),
                        name="a_held_congress_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            ("elected_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_closed_congress_has_its_ten",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
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
                    "sub_district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.subdistrict"
                    ),
                ),
                ("term", models.PositiveSmallIntegerField(verbose_name="第几届")),
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
                ("name", models.CharField(max_length=80, verbose_name="姓名")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("building_leader", "楼组长"),
                            ("volunteer", "志愿者"),
                            ("group_buyer", "团长"),
                            ("young", "青年"),
                            ("resident", "居民"),
                            ("unit", "单位和社会组织"),
                            ("invited", "特邀"),
                            ("non_voting", "列席"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("votes", models.BooleanField(default=True, verbose_name="有表决权")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("elected", "居民推选"),
                            ("recommended", "组织推荐"),
                            ("volunteered", "自荐并审核"),
                            ("invited", "会议邀请"),
                        ],
                        max_length=16,
                        verbose_name="怎样产生",
                    ),
                ),
                ("since", models.DateField(verbose_name="任期起")),
                ("until", models.DateField(verbose_name="任期止")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="提前结束")),
                (
                    "ended_why",
                    models.CharField(blank=True, max_length=200, verbose_name="结束原因"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["neighbourhood", "category", "name"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "term"], name="representative_by_area"),
                    models.Index(fields=["sub_district", "term"], name="representative_by_term"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None), ("user__isnull", False)),
                        fields=("sub_district", "term", "user"),
                        name="a_person_sits_once_in_a_term",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="a_mandate_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "non_voting"), _negated=True),
                            ("votes", False),
                            _connector="OR",
                        ),
                        name="who_only_listens_does_not_vote",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(("ended_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_mandate_cut_short_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FaceToFace",
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
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="consultation.congress",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="日期")),
                ("place", models.CharField(max_length=160, verbose_name="地点")),
                ("came", models.PositiveIntegerField(verbose_name="来了多少居民")),
                ("summary", models.TextField(blank=True, verbose_name="记录")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "present",
                    models.ManyToManyField(
                        related_name="hearings", to="consultation.representative"
                    ),
                ),
            ],
            options={
                "ordering": ["held_on", "pk"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "held_on"], name="hearing_by_area")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("congress", "neighbourhood", "held_on", "place"),
                        name="a_hearing_is_entered_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CongressIssue",
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
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="consultation.congress",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="编号")),
                ("text", models.CharField(max_length=200, verbose_name="问题")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("housing", "房屋和设施"),
                            ("traffic", "停车和出行"),
                            ("safety", "安全"),
                            ("cleanliness", "环境卫生"),
                            ("elderly", "养老和无障碍"),
                            ("young", "托幼和青少年"),
                            ("culture", "文化和健身"),
                            ("property", "物业管理"),
                            ("neighbours", "邻里关系"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="分类",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("face_to_face", "社区代表面对面"),
                            ("box", "意见征集箱"),
                            ("staff", "居委排摸"),
                            ("resident", "居民线上提出"),
                        ],
                        max_length=14,
                        verbose_name="来源",
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="consultation.facetoface",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "待整理"),
                            ("listed", "已列出"),
                            ("merged", "已合并"),
                            ("personal", "个性诉求，另行办理"),
                            ("candidate", "候选"),
                            ("chosen", "列入明年工作"),
                            ("kept", "未进前十，留存"),
                        ],
                        default="raised",
                        max_length=10,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="consultation.congressissue",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "candidate_no",
                    models.PositiveSmallIntegerField(null=True, verbose_name="候选号"),
                ),
                ("votes", models.PositiveIntegerField(null=True, verbose_name="得票")),
                (
                    "planned_for",
                    models.PositiveSmallIntegerField(null=True, verbose_name="列入哪一年"),
                ),
                ("became", models.TextField(blank=True, verbose_name="办得怎样")),
                ("became_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["neighbourhood", "state"], name="issue_by_area")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("congress", "number"), name="an_issue_has_its_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("candidate_no__isnull", False)),
                        fields=("congress", "candidate_no"),
                        name="a_candidate_has_its_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True), ("merged_into", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_merged_issue_says_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="no_issue_merges_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("candidate_no__isnull", False),
                                ("state__in", ["candidate", "chosen", "kept"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["candidate", "chosen", "kept"]), _negated=True
                                ),
                                ("candidate_no", None),
                            ),
                            _connector="OR",
                        ),
                        name="only_candidates_have_a_number_on_the_ballot",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned_for__isnull", False), ("state", "chosen")),
                            models.Q(
                                models.Q(("state", "chosen"), _negated=True), ("planned_for", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_chosen_issue_says_for_which_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hearing__isnull", False), ("source", "face_to_face")),
                            models.Q(
                                models.Q(("source", "face_to_face"), _negated=True),
                                ("hearing", None),
                            ),
                            _connector="OR",
                        ),
                        name="an_issue_from_a_hearing_says_which",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeRecord",
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
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="consultation.congress",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="consultation.congressissue",
                    ),
                ),
                ("text_before", models.CharField(max_length=200)),
                ("text_after", models.CharField(max_length=200)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MergedIssue",
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
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="consultation.mergerecord",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.congressissue",
                    ),
                ),
                (
                    "state_before",
                    models.CharField(
                        choices=[
                            ("raised", "待整理"),
                            ("listed", "已列出"),
                            ("merged", "已合并"),
                            ("personal", "个性诉求，另行办理"),
                            ("candidate", "候选"),
                            ("chosen", "列入明年工作"),
                            ("kept", "未进前十，留存"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "issue"), name="an_issue_stands_once_in_a_merging"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AreaBallot",
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
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="consultation.congress",
                    ),
                ),
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="area_ballot",
                        to="consultation.poll",
                    ),
                ),
            ],
            options={
                "ordering": ["neighbourhood__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WrittenOpinion",
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
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="consultation.congress",
                    ),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="consultation.representative",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="编号")),
                ("title", models.CharField(max_length=120, verbose_name="题目")),
                ("text", models.TextField(verbose_name="内容")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("housing", "房屋和设施"),
                            ("traffic", "停车和出行"),
                            ("safety", "安全"),
                            ("cleanliness", "环境卫生"),
                            ("elderly", "养老和无障碍"),
                            ("young", "托幼和青少年"),
                            ("culture", "文化和健身"),
                            ("property", "物业管理"),
                            ("neighbours", "邻里关系"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="分类",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("key", "重点"), ("ordinary", "一般"), ("reference", "供参考")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="分级",
                    ),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="可以公开")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("written", "已提出"),
                            ("received", "已登记，待交办"),
                            ("assigned", "办理中"),
                            ("return_asked", "申请退回"),
                            ("result_in", "已报结果，待答复"),
                            ("replied", "已答复，待评价"),
                            ("unsatisfied", "不满意，待研究"),
                            ("tracked", "承诺落实中"),
                            ("closed", "已办结"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="written",
                        max_length=12,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="第几次办理")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("received_on", models.DateField(null=True, verbose_name="登记日期")),
                ("round_from", models.DateField(null=True)),
                ("study_note", models.TextField(blank=True, verbose_name="研究意见")),
                ("closed_on", models.DateField(null=True, verbose_name="办结日期")),
            ],
            options={
                "ordering": ["-written_at"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "state"], name="opinion_by_area")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("congress", "number"),
                        name="an_opinion_has_its_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["written", "withdrawn"]),
                            models.Q(
                                ("received_on__isnull", False),
                                ("round_from__isnull", False),
                                models.Q(("number", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_opinion_is_registered_before_it_goes_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("round__in", [1, 2])),
                        name="an_opinion_is_handled_again_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("round", 1),
                            models.Q(("study_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_second_round_was_studied_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_on", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_opinion_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionHandling",
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
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handlings",
                        to="consultation.writtenopinion",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "主办"), ("helping", "协办")], max_length=10
                    ),
                ),
                ("assigned_on", models.DateField(verbose_name="交办日期")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("return_until", models.DateField(verbose_name="最晚哪天申请退回")),
                ("return_reason", models.TextField(blank=True, verbose_name="退回原因")),
                ("return_asked_on", models.DateField(null=True)),
                ("return_agreed", models.BooleanField(null=True)),
                ("return_answer", models.TextField(blank=True, verbose_name="退回的答复")),
                (
                    "extension_months",
                    models.PositiveSmallIntegerField(default=0, verbose_name="申请延长几个月"),
                ),
                ("extension_reason", models.TextField(blank=True, verbose_name="延长原因")),
                ("extension_agreed", models.BooleanField(null=True)),
                ("extension_answer", models.TextField(blank=True, verbose_name="延长的答复")),
                ("result", models.TextField(blank=True, verbose_name="办理结果")),
                ("result_on", models.DateField(null=True)),
                (
                    "result_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["round", "-role", "assigned_on", "pk"],
                "indexes": [
                    models.Index(fields=["department", "ended_on"], name="handling_by_department")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None), ("role", "lead")),
                        fields=("opinion", "round"),
                        name="an_opinion_has_one_lead_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("opinion", "round", "department"),
                        name="a_department_has_an_opinion_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("return_asked_on", None),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_returns_an_opinion_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("return_agreed", None),
                            models.Q(
                                ("return_asked_on__isnull", False),
                                models.Q(("return_answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_return_is_asked_for_and_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(("return_agreed__isnull", False), ("return_agreed", True)),
                            ("role", "helping"),
                            _connector="OR",
                        ),
                        name="nobody_passes_an_opinion_on_without_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("extension_months", 0),
                            models.Q(("extension_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_needs_longer_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result_on", None),
                            models.Q(("result", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_result_is_in_writing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionReply",
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
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="consultation.writtenopinion",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.organisation",
                    ),
                ),
                (
                    "reply_class",
                    models.CharField(
                        choices=[
                            ("A", "A 类：已解决或采纳"),
                            ("B", "B 类：列入年度计划"),
                            ("C", "C 类：列入计划逐步解决"),
                            ("D", "D 类：留作参考或无法解决，已说明原因"),
                        ],
                        max_length=1,
                        verbose_name="答复类别",
                    ),
                ),
                ("text", models.TextField(verbose_name="答复")),
                ("replied_on", models.DateField(verbose_name="答复日期")),
                (
                    "replied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "promise",
                    models.CharField(blank=True, max_length=300, verbose_name="承诺办到什么"),
                ),
                ("promise_due", models.DateField(null=True, verbose_name="承诺办成的日期")),
                ("kept_on", models.DateField(null=True, verbose_name="承诺办成")),
                ("kept_note", models.TextField(blank=True, verbose_name="怎么办成的")),
                (
                    "kept_proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "attitude",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "满意"),
                            ("mostly", "基本满意"),
                            ("unsatisfied", "不满意"),
                        ],
                        max_length=12,
                        verbose_name="对办理态度",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "满意"),
                            ("mostly", "基本满意"),
                            ("unsatisfied", "不满意"),
                        ],
                        max_length=12,
                        verbose_name="对办理结果",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="评价的话")),
                ("rated_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["round"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("opinion", "round"), name="an_opinion_is_answered_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("promise_due__isnull", False),
                                ("reply_class__in", ["B", "C"]),
                                models.Q(("promise", ""), _negated=True),
                            ),
                            models.Q(
                                ("promise", ""),
                                ("promise_due", None),
                                ("reply_class__in", ["A", "D"]),
                            ),
                            _connector="OR",
                        ),
                        name="a_plan_promises_what_and_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kept_on", None),
                            models.Q(
                                ("kept_proof__isnull", False),
                                ("promise_due__isnull", False),
                                models.Q(("kept_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_kept_promise_has_its_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attitude", ""), ("outcome", ""), ("rated_at", None)),
                            models.Q(
                                ("rated_at__isnull", False),
                                models.Q(("attitude", ""), _negated=True),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attitude_and_outcome_are_rated_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionClock",
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
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="consultation.writtenopinion",
                    ),
                ),
                (
                    "handling",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="consultation.opinionhandling",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assign", "交办"),
                            ("result", "报办理结果"),
                            ("help", "协办"),
                            ("feedback", "答复代表"),
                            ("promise", "兑现承诺"),
                        ],
                        max_length=10,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("due_on", models.DateField(verbose_name="期限")),
                ("met_on", models.DateField(null=True)),
                ("dropped_on", models.DateField(null=True)),
                ("warned_on", models.DateField(null=True)),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "还没有提醒"),
                            (1, "已提醒经办人"),
                            (2, "已报部门负责人"),
                            (3, "已报街道"),
                        ],
                        default=0,
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_on", None), ("met_on", None)),
                        fields=["due_on"],
                        name="clock_running",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_on", None), ("met_on", None)),
                        fields=("opinion", "round", "kind", "handling"),
                        name="a_clock_runs_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("starts_on"))),
                        name="a_clock_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("met_on", None), ("dropped_on", None), _connector="OR"
                        ),
                        name="a_clock_is_met_or_dropped",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS),
    ]
