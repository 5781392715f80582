"""Who was at a meeting, raised hands, what was said and noted; and what only the database can promise of it."""

import caoyang_portal.community.models.venues
import caoyang_portal.confidential
import caoyang_portal.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


GUARDS = r"""
-- Nobody signs in to a meeting that is not on; whoever closes it waits for the sign-ins in flight.
-- Before it is opened the desk alone notes who is there already; afterwards what stands on the sheet.
CREATE FUNCTION consultation_signs_in_while_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
BEGIN
    SELECT state INTO now_state FROM consultation_meeting WHERE id = NEW.meeting_id FOR SHARE;
    IF now_state = 'under_way'
            OR now_state = 'announced' AND NEW.channel = 'desk'
            OR now_state = 'held' AND NEW.channel = 'sheet' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the meeting is not on'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'one_signs_in_while_the_meeting_is_on';
END $$;
CREATE TRIGGER consultation_presence_while_on BEFORE INSERT ON consultation_presence
    FOR EACH ROW EXECUTE FUNCTION consultation_signs_in_while_on();

-- A seat is one of the meeting's roll, and of somebody at the meeting.
CREATE FUNCTION consultation_seat_is_of_its_roll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM consultation_meeting meeting
        JOIN consultation_rollentry entry ON entry.poll_id = meeting.roll_id
        JOIN consultation_attendance attendance ON attendance.meeting_id = meeting.id
        WHERE meeting.id = NEW.meeting_id AND entry.id = NEW.entry_id
          AND attendance.id = NEW.attendance_id
    ) THEN
        RAISE EXCEPTION 'not on the roll of the meeting'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_seat_is_of_the_meeting_s_roll';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_seat_of_its_roll BEFORE INSERT ON consultation_seat
    FOR EACH ROW EXECUTE FUNCTION consultation_seat_is_of_its_roll();

-- Once it is counted, called invalid or withdrawn, a show of hands stays as it was; an objection may
-- be noted and a poll be named later.
CREATE FUNCTION consultation_show_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['dissent', 'poll_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - moving = to_jsonb(NEW) - moving THEN RETURN NEW; END IF;
    RAISE EXCEPTION '% refused: a show of hands stays as it was counted', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_showofhands_stays BEFORE UPDATE OR DELETE ON consultation_showofhands
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION consultation_show_stays();

CREATE FUNCTION consultation_hands_are_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p_show uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.show_id ELSE NEW.show_id END;
BEGIN
    PERFORM FROM consultation_showofhands WHERE id = p_show AND state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the show of hands is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hands_are_counted_while_they_are_up';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consultation_tellercount_up BEFORE INSERT ON consultation_tellercount
    FOR EACH ROW EXECUTE FUNCTION consultation_hands_are_up();
CREATE TRIGGER consultation_handtick_up BEFORE INSERT OR UPDATE OR DELETE ON consultation_handtick
    FOR EACH ROW EXECUTE FUNCTION consultation_hands_are_up();
CREATE TRIGGER consultation_tellercount_final BEFORE UPDATE OR DELETE ON consultation_tellercount
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();

-- What was written once is kept as it was written.
CREATE TRIGGER consultation_contributionversion_final
    BEFORE UPDATE OR DELETE ON consultation_contributionversion
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_noteversion_final BEFORE UPDATE ON consultation_noteversion
    FOR EACH ROW WHEN (to_jsonb(OLD) - 'settled_at' IS DISTINCT FROM to_jsonb(NEW) - 'settled_at')
    EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_noteversion_kept BEFORE DELETE ON consultation_noteversion
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
"""

UNDO = r"""
DROP FUNCTION consultation_signs_in_while_on() CASCADE;
DROP FUNCTION consultation_seat_is_of_its_roll() CASCADE;
DROP FUNCTION consultation_show_stays() CASCADE;
DROP FUNCTION consultation_hands_are_up() CASCADE;
DROP TRIGGER consultation_tellercount_final ON consultation_tellercount;
DROP TRIGGER consultation_contributionversion_final ON consultation_contributionversion;
DROP TRIGGER consultation_noteversion_final ON consultation_noteversion;
DROP TRIGGER consultation_noteversion_kept ON consultation_noteversion;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0003_venues"),
        ("community", "__first__"),
        ("consultation", "0008_meetings"),
        ("households", "0004_staff_lists"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendance",
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
                        choices=[("participant", "参会"), ("guest", "列席"), ("observer", "旁听")],
                        default="participant",
                        max_length=12,
                        verbose_name="身份",
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="households.household",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="consultation.meeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("meeting", "user"),
                        name="a_person_attends_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("meeting", "member"),
                        name="a_member_attends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="an_attendee_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
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
                    "channel",
                    models.CharField(
                        choices=[
                            ("qr", "扫码"),
                            ("desk", "签到台"),
                            ("online", "线上"),
                            ("sheet", "签到表补登"),
                        ],
                        max_length=8,
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                ("voided", models.BooleanField(default=False)),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presences",
                        to="consultation.attendance",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presences",
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
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["arrived_at", "pk"],
                "indexes": [
                    models.Index(fields=["meeting", "arrived_at"], name="presence_by_meeting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at", None),
                            ("left_at__gte", models.F("arrived_at")),
                            _connector="OR",
                        ),
                        name="nobody_leaves_before_arriving",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("voided", False)),
                        expressions=[
                            ("attendance", "="),
                            (
                                caoyang_portal.community.models.venues.Span(
                                    "arrived_at",
                                    "left_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="nobody_is_there_twice_at_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
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
                ("is_proxy", models.BooleanField(default=False, verbose_name="受委托")),
                ("scope", models.CharField(blank=True, max_length=200, verbose_name="委托范围")),
                ("mandated_on", models.DateField(null=True, verbose_name="委托日期")),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="consultation.attendance",
                    ),
                ),
                (
                    "document",
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
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="consultation.rollentry",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
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
                    "proxy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="consultation.proxy",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("attendance", "entry"),
                        name="an_attendee_sits_once_for_a_head",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("is_proxy", True)),
                        fields=("meeting", "entry"),
                        name="a_head_is_sat_for_by_one_mandate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document", None), ("is_proxy", False), ("proxy", None)),
                            models.Q(
                                ("document", None), ("is_proxy", True), ("proxy__isnull", False)
                            ),
                            models.Q(
                                ("document__isnull", False),
                                ("is_proxy", True),
                                ("proxy", None),
                                ("mandated_on__isnull", False),
                                models.Q(("scope", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_seat_for_another_has_its_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="a_seat_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShowOfHands",
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
                ("question", models.CharField(max_length=300, verbose_name="表决什么")),
                (
                    "counting",
                    models.CharField(
                        choices=[
                            ("tellers", "两位计票人各数一遍"),
                            ("ticks", "照到会名单逐个登记"),
                        ],
                        max_length=8,
                        verbose_name="怎么数",
                    ),
                ),
                (
                    "must_hold",
                    models.CharField(
                        choices=[
                            ("throughout", "从开始到结束，人数一直要够"),
                            ("at_both_ends", "开始和结束时人数要够"),
                        ],
                        default="throughout",
                        max_length=12,
                        verbose_name="法定人数",
                    ),
                ),
                ("pass_part", models.PositiveSmallIntegerField(default=1)),
                ("pass_whole", models.PositiveSmallIntegerField(default=2)),
                ("pass_exceeded", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "正在举手"),
                            ("counted", "已计数"),
                            ("invalid", "无效"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                ("at_opening", models.JSONField(default=dict)),
                ("at_closing", models.JSONField(default=dict)),
                ("at_least", models.JSONField(default=dict)),
                ("voters", models.PositiveIntegerField(default=0)),
                ("yes", models.PositiveIntegerField(default=0)),
                ("no", models.PositiveIntegerField(default=0)),
                ("abstain", models.PositiveIntegerField(default=0)),
                ("weighed", models.JSONField(default=dict)),
                ("is_adopted", models.BooleanField(null=True)),
                ("dissent", models.TextField(blank=True, verbose_name="不同意见")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shows",
                        to="consultation.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shows",
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
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shows",
                        to="consultation.poll",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "number"), name="a_show_of_hands_has_its_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("meeting",),
                        name="one_show_of_hands_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "voters__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("yes"), "+", models.F("no")
                                    ),
                                    "+",
                                    models.F("abstain"),
                                ),
                            )
                        ),
                        name="no_more_hands_than_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_adopted__isnull", False), ("state", "counted")),
                            models.Q(
                                models.Q(("state", "counted"), _negated=True), ("is_adopted", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_counted_show_says_what_came_of_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["invalid", "withdrawn"]), _negated=True),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_invalid_show_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            ("closed_at__gte", models.F("opened_at")),
                            _connector="OR",
                        ),
                        name="a_show_of_hands_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pass_part__lte", models.F("pass_whole")), ("pass_whole__gt", 0)
                        ),
                        name="a_show_passes_by_a_part_of_a_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TellerCount",
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
                ("attempt", models.PositiveSmallIntegerField()),
                ("teller", models.CharField(max_length=80, verbose_name="计票人")),
                ("yes", models.PositiveIntegerField(verbose_name="同意")),
                ("no", models.PositiveIntegerField(verbose_name="不同意")),
                ("abstain", models.PositiveIntegerField(verbose_name="弃权")),
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
                    "show",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="consultation.showofhands",
                    ),
                ),
            ],
            options={
                "ordering": ["attempt", "entered_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("show", "attempt", "teller"), name="a_teller_counts_once_each_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandTick",
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
                    "choice",
                    models.CharField(
                        choices=[("yes", "同意"), ("no", "不同意"), ("abstain", "弃权")],
                        max_length=8,
                    ),
                ),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticks",
                        to="consultation.attendance",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultation.rollentry",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "show",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticks",
                        to="consultation.showofhands",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("entry__isnull", False)),
                        fields=("show", "entry"),
                        name="a_head_raises_one_hand",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("entry", None)),
                        fields=("show", "attendance"),
                        name="an_attendee_raises_one_hand",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnnamedSpeaker",
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
                ("who", caoyang_portal.confidential.ConfidentialField(blank=True, default="")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unnamed_speakers",
                        to="consultation.meeting",
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
                        fields=("meeting", "number"), name="a_label_is_one_speaker"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
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
                    "stance",
                    models.CharField(
                        choices=[
                            ("for", "赞成"),
                            ("against", "反对"),
                            ("neutral", "中立"),
                            ("question", "提问"),
                        ],
                        default="neutral",
                        max_length=8,
                        verbose_name="意见",
                    ),
                ),
                ("text", models.TextField(verbose_name="说了什么")),
                ("order", models.PositiveIntegerField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "struck_why",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么划掉"),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="consultation.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
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
                    "recorder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="consultation.attendance",
                    ),
                ),
                (
                    "unnamed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="consultation.unnamedspeaker",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "order"), name="a_contribution_has_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("speaker__isnull", False), ("unnamed", None)),
                            models.Q(("speaker", None), ("unnamed__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_contribution_has_one_speaker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_contribution_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContributionVersion",
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
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("for", "赞成"),
                            ("against", "反对"),
                            ("neutral", "中立"),
                            ("question", "提问"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
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
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="consultation.contribution",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contribution", "number"),
                        name="a_contribution_has_one_of_each_version",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingDecision",
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
                ("text", models.CharField(max_length=1000, verbose_name="决定了什么")),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=120, verbose_name="谁来办"),
                ),
                ("due", models.CharField(blank=True, max_length=80, verbose_name="什么时候办好")),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "struck_why",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么划掉"),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="consultation.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
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
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="consultation.poll",
                    ),
                ),
                (
                    "show",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="consultation.showofhands",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "number"), name="a_decision_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_decision_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingPhoto",
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
                ("caption", models.CharField(blank=True, max_length=120, verbose_name="照片说明")),
                (
                    "is_public",
                    models.BooleanField(default=False, verbose_name="可以放进公开的纪要"),
                ),
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
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="consultation.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="consultation.meeting",
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
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingAudio",
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
                ("consent", models.CharField(max_length=300, verbose_name="怎么征得同意的")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("destroyed_at", models.DateTimeField(null=True)),
                (
                    "destroyed_why",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么销毁"),
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
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recordings",
                        to="consultation.meeting",
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
                "ordering": ["added_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("consent", ""), _negated=True),
                        name="a_recording_was_agreed_to",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("destroyed_at", None), ("file", None), _connector="OR"
                        ),
                        name="a_destroyed_recording_has_no_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingNote",
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
                ("version", models.PositiveIntegerField(default=0)),
                ("text", models.TextField(blank=True)),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="consultation.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="consultation.meeting",
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
                        fields=("meeting", "item"),
                        name="a_point_of_the_agenda_has_one_note",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
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
                ("number", models.PositiveIntegerField()),
                ("base", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("saved", "已存"),
                            ("sent", "已并入"),
                            ("merged", "合并"),
                            ("conflict", "有冲突"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="consultation.meetingnote",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("note", "number"), name="a_note_has_one_of_each_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("base__lt", models.F("number"))),
                        name="a_text_is_written_on_an_earlier_one",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]
