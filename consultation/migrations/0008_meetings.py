import caoyang_portal.confidential
import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SEATS = r"""
-- No more places are taken than there are, whoever asks at once: the meeting's row is held while
-- they are counted. Who follows a hybrid meeting from home takes no seat.
CREATE FUNCTION consultation_seats_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    meeting consultation_meeting;
    seats integer;
    taken integer;
BEGIN
    IF NEW.state <> 'coming' THEN RETURN NEW; END IF;
    SELECT * INTO meeting FROM consultation_meeting WHERE id = NEW.meeting_id FOR NO KEY UPDATE;
    seats := CASE WHEN NEW.is_observer THEN meeting.observers ELSE meeting.capacity END;
    IF seats IS NULL OR (meeting.mode = 'hybrid' AND NEW.is_online) THEN RETURN NEW; END IF;
    SELECT count(*) INTO taken FROM consultation_registration
    WHERE meeting_id = NEW.meeting_id AND state = 'coming' AND is_observer = NEW.is_observer
        AND NOT (meeting.mode = 'hybrid' AND is_online) AND id <> NEW.id;
    IF taken >= seats THEN
        RAISE EXCEPTION 'the meeting is full'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_meeting_holds_its_capacity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_registration_seats
    BEFORE INSERT OR UPDATE OF state, is_online, is_observer, meeting_id
    ON consultation_registration
    FOR EACH ROW EXECUTE FUNCTION consultation_seats_hold();
"""
NO_SEATS = """
DROP TRIGGER consultation_registration_seats ON consultation_registration;
DROP FUNCTION consultation_seats_hold();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_departments"),
        ("consultation", "0007_roll_jobs"),
        ("households", "0004_staff_lists"),
        ("uploads", "0002_attachment_is_concealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
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
                ("group", models.CharField(max_length=120, verbose_name="从谁里面抽")),
                (
                    "spread",
                    models.CharField(
                        choices=[
                            ("whole", "不分楼，整体抽"),
                            ("proportional", "按各楼户数的比例"),
                            ("equal", "每幢楼一样多"),
                        ],
                        max_length=12,
                        verbose_name="怎么分",
                    ),
                ),
                ("wanted", models.PositiveIntegerField(verbose_name="抽几位")),
                ("seed", models.CharField(max_length=80, verbose_name="种子")),
                ("seed_is_given", models.BooleanField(default=False)),
                ("frame", models.JSONField()),
                ("frame_hash", models.CharField(max_length=64, verbose_name="名单指纹")),
                ("drawn", models.JSONField()),
                ("drawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
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
                        fields=("meeting", "number"), name="a_draw_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seed", ""), _negated=True), name="a_draw_has_a_seed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingQuestion",
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
                ("name", models.CharField(blank=True, max_length=80, verbose_name="姓名")),
                ("is_unnamed", models.BooleanField(default=False, verbose_name="不公开姓名")),
                ("text", models.TextField(verbose_name="问题")),
                ("shown_text", models.TextField(blank=True, verbose_name="公开的文字")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待审核"),
                            ("approved", "排队中"),
                            ("on_air", "正在回答"),
                            ("answered", "已回答"),
                            ("rejected", "没有采用"),
                            ("merged", "已并入"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("place", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="consultation.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="consultation.meeting",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="consultation.meetingquestion",
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
                "ordering": ["place", "asked_at", "pk"],
                "indexes": [
                    models.Index(fields=["meeting", "state", "place"], name="question_in_queue")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "on_air")),
                        fields=("meeting",),
                        name="one_question_is_on_air_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rejected"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_rejected_question_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_answered_question_has_its_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True), ("merged_into", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_merged_question_says_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="no_question_merges_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionSecond",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seconds",
                        to="consultation.meetingquestion",
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
                        fields=("question", "user"), name="a_question_is_seconded_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="community.organisation",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="changes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="meeting",
            name="reminded_day_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="reminded_hour_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="short_notice",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="为什么来不及提前通知"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="takes_questions",
            field=models.BooleanField(default=True, verbose_name="接受提问"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="is_observer",
            field=models.BooleanField(default=False, verbose_name="旁听"),
        ),
        migrations.AddField(
            model_name="registration",
            name="moved_up_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="phone",
            field=caoyang_portal.confidential.ConfidentialField(
                blank=True, default="", verbose_name="手机号"
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="rung_up_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="draw",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invited",
                to="consultation.draw",
            ),
        ),
        migrations.RunSQL(SEATS, NO_SEATS),
    ]
