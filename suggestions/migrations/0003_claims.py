"""Claims, with what the database refuses: a closing without a callback, or by whoever handled it."""

import caoyang_portal.confidential
import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


from suggestions import claim_limits

GUARDS = r"""
CREATE FUNCTION suggestions_claim_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'closed' OR (TG_OP = 'UPDATE' AND OLD.state = 'closed'
            AND NEW.closed_by_id = OLD.closed_by_id) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM suggestions_claimreply
            WHERE claim_id = NEW.id AND by_id = NEW.closed_by_id) THEN
        RAISE EXCEPTION 'refused: nobody closes what they handled'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM suggestions_claimcallback
            WHERE claim_id = NEW.id AND round = NEW.round) THEN
        RAISE EXCEPTION 'refused: a claim is closed after its callback'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER suggestions_claim_closes BEFORE INSERT OR UPDATE ON suggestions_claim
    FOR EACH ROW EXECUTE FUNCTION suggestions_claim_closes();

CREATE FUNCTION suggestions_callback_asks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM suggestions_claimreply
            WHERE claim_id = NEW.claim_id AND by_id = NEW.by_id) THEN
        RAISE EXCEPTION 'refused: nobody calls back their own work'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER suggestions_callback_asks BEFORE INSERT OR UPDATE ON suggestions_claimcallback
    FOR EACH ROW EXECUTE FUNCTION suggestions_callback_asks();
"""
UNGUARD = """
DROP TRIGGER suggestions_callback_asks ON suggestions_claimcallback;
DROP TRIGGER suggestions_claim_closes ON suggestions_claim;
DROP FUNCTION suggestions_callback_asks, suggestions_claim_closes;
"""


def seed(apps, schema_editor):
    claim_limits.seed(apps.get_model("suggestions", "ClaimLimit"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("community", "0004_departments"),
        ("households", "0004_staff_lists"),
        ("uploads", "0002_attachment_is_concealed"),
        ("suggestions", "0002_suggestions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimLimit",
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
                    "code",
                    models.CharField(
                        choices=[
                            ("consultation", "咨询、意见"),
                            ("supervised", "督办件"),
                            ("help", "求助"),
                            ("complaint", "投诉"),
                            ("complex", "疑难复杂"),
                            ("accept", "受理"),
                            ("contact", "先行联系"),
                            ("dispatch", "交办"),
                            ("callback", "回访"),
                            ("again", "不满意再办"),
                            ("supervise", "街道督办"),
                            ("finding", "走访问题答复"),
                        ],
                        max_length=12,
                        verbose_name="哪一类、哪一步",
                    ),
                ),
                ("working_days", models.PositiveSmallIntegerField(verbose_name="工作日")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="止")),
            ],
            options={
                "ordering": ["code", "since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("code",),
                        name="a_claim_limit_holds_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("working_days__gte", 1)),
                        name="a_claim_limit_leaves_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="a_claim_limit_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                ("number", models.CharField(max_length=20, verbose_name="编号")),
                ("title", models.CharField(max_length=80, verbose_name="一句话")),
                ("text", models.TextField(blank=True, verbose_name="内容")),
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
                    "source",
                    models.CharField(
                        choices=[
                            ("online", "网上提交"),
                            ("phone", "电话"),
                            ("visit", "上门走访"),
                            ("counter", "来居委说"),
                            ("letter", "来信"),
                            ("wechat", "微信"),
                            ("hotline", "12345 热线"),
                            ("leader_visit", "领导走访"),
                            ("suggestion", "人民建议转来"),
                            ("objection", "异议转来"),
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
                    "hotline_number",
                    models.CharField(blank=True, max_length=40, verbose_name="12345 工单号"),
                ),
                (
                    "claimant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claimant_name",
                    models.CharField(blank=True, max_length=80, verbose_name="谁说的"),
                ),
                (
                    "claimant_phone",
                    caoyang_portal.confidential.ConfidentialField(
                        blank=True, default="", verbose_name="电话"
                    ),
                ),
                (
                    "confirmed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("read_out", "念给本人听，本人说对"),
                            ("signed", "本人签了字"),
                            ("called", "打电话和本人核对过"),
                            ("wrote", "本人写来的，照原样"),
                        ],
                        max_length=10,
                        verbose_name="怎么确认的",
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
                    "visit",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim",
                        to="households.visit",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "已收到"),
                            ("accepted", "已受理"),
                            ("contacted", "已联系，待交办"),
                            ("in_progress", "办理中"),
                            ("replied", "已答复，待回访"),
                            ("supervised", "街道督办"),
                            ("closed", "已办结"),
                            ("referred", "已转出"),
                            ("merged", "合在一起办"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="made",
                        max_length=12,
                    ),
                ),
                (
                    "claim_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consultation", "咨询、意见"),
                            ("supervised", "督办件"),
                            ("help", "求助"),
                            ("complaint", "投诉"),
                            ("complex", "疑难复杂"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="第几次办理")),
                (
                    "minder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("accepted_on", models.DateField(null=True, verbose_name="受理日期")),
                ("contact_due", models.DateField(null=True)),
                ("contacted_at", models.DateTimeField(null=True)),
                (
                    "contacted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("door", "上门"),
                            ("phone", "电话"),
                            ("counter", "来访"),
                            ("wechat", "微信"),
                            ("letter", "书信"),
                        ],
                        max_length=10,
                        verbose_name="怎么联系的",
                    ),
                ),
                ("reply_due", models.DateField(null=True, verbose_name="最晚哪天答复")),
                ("next_step", models.CharField(blank=True, max_length=120, verbose_name="下一步")),
                ("next_on", models.DateField(null=True, verbose_name="答应的日期")),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                ("warned_round", models.PositiveSmallIntegerField(default=0)),
                ("paused_until", models.DateField(null=True, verbose_name="暂停到")),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "elsewhere",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("suggestion", "人民建议"),
                            ("topic", "居民议题"),
                            ("mediation", "人民调解委员会"),
                            ("hotline", "12345 市民热线"),
                            ("department", "别的政府部门"),
                            ("property", "物业公司"),
                            ("police", "派出所"),
                            ("petition", "信访"),
                            ("court", "法院"),
                        ],
                        max_length=12,
                        verbose_name="转到哪里",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="说明")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("team", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                ("photos", models.ManyToManyField(related_name="+", to="uploads.attachment")),
            ],
            options={
                "ordering": ["-made_at"],
                "indexes": [
                    models.Index(
                        fields=["neighbourhood", "state", "next_on"], name="claim_by_place"
                    ),
                    models.Index(fields=["household", "-made_at"], name="claim_by_home"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "number"), name="a_claim_has_its_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("source__in", ["suggestion", "objection"]),
                            models.Q(("source_ref", ""), _negated=True),
                        ),
                        fields=("neighbourhood", "source", "source_ref"),
                        name="a_thing_becomes_a_claim_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["closed", "referred", "merged", "withdrawn"]),
                            models.Q(
                                ("next_on__isnull", False),
                                models.Q(("next_step", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_live_claim_promises_its_next_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claimant__isnull", False),
                            models.Q(("claimant_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_claim_has_somebody_who_made_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by", None),
                            models.Q(("confirmed", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_claim_entered_for_somebody_was_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["made", "referred", "merged", "withdrawn"]),
                            models.Q(
                                ("accepted_on__isnull", False),
                                ("reply_due__isnull", False),
                                models.Q(("claim_class", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_accepted_claim_has_its_class_and_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True), ("merged_into", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_merged_claim_says_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="no_claim_merges_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "referred"), _negated=True),
                            models.Q(
                                models.Q(("elsewhere", ""), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_referred_claim_says_where_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("state", "closed"),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at", None),
                                ("closed_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_claim_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paused_until", None),
                            ("state__in", ["accepted", "contacted", "in_progress", "supervised"]),
                            _connector="OR",
                        ),
                        name="only_a_claim_in_hand_is_paused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimStep",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "已收到"),
                            ("accepted", "已受理"),
                            ("contacted", "已联系，待交办"),
                            ("in_progress", "办理中"),
                            ("replied", "已答复，待回访"),
                            ("supervised", "街道督办"),
                            ("closed", "已办结"),
                            ("referred", "已转出"),
                            ("merged", "合在一起办"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="说明")),
                ("next_step", models.CharField(blank=True, max_length=120, verbose_name="下一步")),
                ("next_on", models.DateField(null=True, verbose_name="答应的日期")),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["claim", "at"], name="claim_step_by_claim")],
            },
        ),
        migrations.CreateModel(
            name="ClaimMerge",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "已收到"),
                            ("accepted", "已受理"),
                            ("contacted", "已联系，待交办"),
                            ("in_progress", "办理中"),
                            ("replied", "已答复，待回访"),
                            ("supervised", "街道督办"),
                            ("closed", "已办结"),
                            ("referred", "已转出"),
                            ("merged", "合在一起办"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=12,
                    ),
                ),
                ("next_step", models.CharField(max_length=120)),
                ("next_on", models.DateField()),
                ("rung", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
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
                        condition=models.Q(("ended_at", None)),
                        fields=("claim",),
                        name="a_claim_is_merged_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimPause",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="suggestions.claim",
                    ),
                ),
                ("reason", models.TextField(verbose_name="为什么暂停")),
                ("since", models.DateField()),
                ("until", models.DateField(verbose_name="暂停到哪天")),
                ("days_left", models.SmallIntegerField()),
                ("reply_days_left", models.SmallIntegerField()),
                ("next_step", models.CharField(max_length=120)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resumed_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["-since", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_on", None)),
                        fields=("claim",),
                        name="a_claim_is_paused_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("since")),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="a_pause_has_a_reason_and_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="suggestions.claim",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("helping", "协同")], max_length=10
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="交办的话")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="最晚哪天答复")),
                (
                    "return_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="community.organisation",
                    ),
                ),
                ("return_reason", models.TextField(blank=True, verbose_name="退单理由")),
                (
                    "return_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("return_agreed", models.BooleanField(null=True)),
                ("return_answer", models.TextField(blank=True, verbose_name="退单的答复")),
                (
                    "return_answered_by",
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
                "ordering": ["round", "-role", "at", "pk"],
                "indexes": [models.Index(fields=["unit", "ended_on"], name="dispatch_by_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None), ("role", "lead")),
                        fields=("claim", "round"),
                        name="a_claim_has_one_lead_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("claim", "round", "unit"),
                        name="a_unit_has_a_claim_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("return_asked_by", None),
                            models.Q(
                                ("return_to__isnull", False),
                                models.Q(("return_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_return_names_the_right_unit_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("return_to", None),
                            ("unit", None),
                            models.Q(("return_to", models.F("unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="no_claim_is_returned_to_where_it_is",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("return_agreed", None),
                            models.Q(
                                ("return_answered_by__isnull", False),
                                models.Q(("return_answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_return_of_a_claim_is_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("return_answered_by", None),
                            models.Q(
                                ("return_answered_by", models.F("return_asked_by")), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="nobody_agrees_to_their_own_return",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(("return_agreed", True), ("return_agreed__isnull", False)),
                            _connector="OR",
                        ),
                        name="nobody_passes_a_claim_on_without_consent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimExtension",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "dispatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="suggestions.dispatch",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("until", models.DateField(verbose_name="延到哪天")),
                ("reason", models.TextField(verbose_name="为什么要延期")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("agreed", models.BooleanField(null=True)),
                ("answer", models.TextField(blank=True, verbose_name="延期的答复")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("claim", "round"), name="a_claim_is_extended_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="an_extension_of_a_claim_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed", None),
                            models.Q(
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_extension_of_a_claim_is_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_grants_their_own_extension",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimReply",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "dispatch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="suggestions.dispatch",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("solved", "已经解决"),
                            ("planned", "列入计划，说明哪天办成"),
                            ("explained", "办不到，已说明原因"),
                        ],
                        max_length=10,
                        verbose_name="办得怎样",
                    ),
                ),
                ("text", models.TextField(verbose_name="答复")),
                ("work_record", models.TextField(blank=True, verbose_name="工作记录")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("photos", models.ManyToManyField(related_name="+", to="uploads.attachment")),
            ],
            options={
                "ordering": ["round", "at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_claim_is_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("round", 1),
                            models.Q(("work_record", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_second_disposal_has_its_work_record",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimCallback",
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
                        to="suggestions.claimreply",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "handler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "电话"),
                            ("door", "上门"),
                            ("counter", "当面"),
                            ("wechat", "微信"),
                            ("online", "本人在网上评价"),
                        ],
                        max_length=10,
                        verbose_name="怎么问的",
                    ),
                ),
                ("reached", models.BooleanField()),
                ("is_done", models.BooleanField(null=True, verbose_name="解决了没有")),
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
                    "result",
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
                ("words", models.TextField(blank=True, verbose_name="本人怎么说")),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reached", True)),
                        fields=("reply",),
                        name="a_reply_is_rated_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reached", False)),
                        fields=("reply", "on"),
                        name="a_missed_callback_counts_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("handler")), _negated=True),
                        name="nobody_calls_back_their_own_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("is_done__isnull", False),
                                ("reached", True),
                                models.Q(("attitude", ""), _negated=True),
                                models.Q(("result", ""), _negated=True),
                            ),
                            models.Q(
                                ("attitude", ""),
                                ("is_done", None),
                                ("reached", False),
                                ("result", ""),
                            ),
                            _connector="OR",
                        ),
                        name="attitude_and_result_are_asked_separately",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaderVisit",
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
                ("on", models.DateField(verbose_name="哪天")),
                ("leader", models.CharField(max_length=80, verbose_name="哪位领导")),
                ("place", models.CharField(max_length=120, verbose_name="去了哪里")),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="community.building",
                    ),
                ),
                ("met", models.PositiveSmallIntegerField(default=0, verbose_name="见了几位居民")),
                ("summary", models.TextField(blank=True, verbose_name="情况")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "-on"], name="leader_visit_by_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitFinding",
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="suggestions.leadervisit",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="问题")),
                ("due_on", models.DateField(verbose_name="最晚哪天")),
                (
                    "claim",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="suggestions.claim",
                    ),
                ),
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
                ("pressed_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["visit", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("visit", "number"), name="a_finding_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_finding_is_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claim", None), ("answered_at", None), _connector="OR"
                        ),
                        name="a_finding_is_answered_or_a_claim",
                    ),
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
