"""Draft laws, opinions on their articles, batches; what was given, said and sent in stays."""

import caoyang_portal.confidential
import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


GUARDS = r"""
CREATE FUNCTION suggestions_article_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.version_id, OLD.position, OLD.label, OLD.chapter, OLD.text)
            IS NOT DISTINCT FROM
            (NEW.version_id, NEW.position, NEW.label, NEW.chapter, NEW.text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: an article stays as it was given', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestions_draftarticle_stays BEFORE UPDATE OR DELETE
    ON suggestions_draftarticle FOR EACH ROW EXECUTE FUNCTION suggestions_article_stays();

CREATE FUNCTION suggestions_opinion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.draft_id, OLD.number, OLD.article_id, OLD.kind, OLD.text, OLD.reason,
            OLD.role, OLD.is_verbatim, OLD.speaker_id, OLD.raised_by_id, OLD.raised_at)
            IS NOT DISTINCT FROM
            (NEW.draft_id, NEW.number, NEW.article_id, NEW.kind, NEW.text, NEW.reason,
            NEW.role, NEW.is_verbatim, NEW.speaker_id, NEW.raised_by_id, NEW.raised_at)
            AND (OLD.batch_id IS NULL OR (OLD.batch_id, OLD.merged_into_id)
                IS NOT DISTINCT FROM (NEW.batch_id, NEW.merged_into_id)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: an opinion stays as it was said', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestions_articleopinion_stays BEFORE UPDATE OR DELETE
    ON suggestions_articleopinion FOR EACH ROW EXECUTE FUNCTION suggestions_opinion_stays();

CREATE FUNCTION suggestions_batch_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.draft_id, OLD.year, OLD.serial, OLD.to_body, OLD.city_due_on,
            OLD.submitted_on, OLD.submitted_at, OLD.submitted_by_id, OLD.content, OLD.sha256)
            IS NOT DISTINCT FROM
            (NEW.draft_id, NEW.year, NEW.serial, NEW.to_body, NEW.city_due_on,
            NEW.submitted_on, NEW.submitted_at, NEW.submitted_by_id, NEW.content, NEW.sha256)
            AND (OLD.pdf_id IS NULL OR OLD.pdf_id = NEW.pdf_id)
            AND (OLD.docx_id IS NULL OR OLD.docx_id = NEW.docx_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: what was sent in stays as it was', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestions_opinionbatch_stays BEFORE UPDATE OR DELETE
    ON suggestions_opinionbatch FOR EACH ROW EXECUTE FUNCTION suggestions_batch_stays();
"""
UNGUARD = """
DROP TRIGGER suggestions_opinionbatch_stays ON suggestions_opinionbatch;
DROP TRIGGER suggestions_articleopinion_stays ON suggestions_articleopinion;
DROP TRIGGER suggestions_draftarticle_stays ON suggestions_draftarticle;
DROP FUNCTION suggestions_batch_stays, suggestions_opinion_stays, suggestions_article_stays;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("suggestions", "0004_campaigns"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftLaw",
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
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("national", "国家法律"),
                            ("city", "本市法规"),
                            ("district", "区里的文件"),
                        ],
                        max_length=8,
                        verbose_name="哪一级",
                    ),
                ),
                (
                    "asked_by_body",
                    models.CharField(blank=True, max_length=120, verbose_name="谁来征求意见"),
                ),
                (
                    "source_ref",
                    models.CharField(blank=True, max_length=80, verbose_name="来文编号"),
                ),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("city_due_on", models.DateField(null=True, verbose_name="上报截止")),
                ("due_on", models.DateField(null=True, verbose_name="意见收到哪天")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "准备中"),
                            ("open", "征求意见中"),
                            ("closed", "意见收完，在整理"),
                            ("submitted", "已报送，等结果"),
                            ("ended", "已有结果"),
                            ("past", "早年的，只有数字"),
                        ],
                        default="preparing",
                        max_length=9,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "已通过"),
                            ("shelved", "没有通过或搁置"),
                            ("dropped", "不再征求意见"),
                        ],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                (
                    "outcome_words",
                    models.CharField(blank=True, max_length=300, verbose_name="结果说明"),
                ),
                ("next_step", models.CharField(blank=True, max_length=120, verbose_name="下一步")),
                ("next_on", models.DateField(null=True, verbose_name="答应的日期")),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                (
                    "past_activities",
                    models.PositiveIntegerField(default=0, verbose_name="活动几场"),
                ),
                ("past_people", models.PositiveIntegerField(default=0, verbose_name="参加几人次")),
                ("past_raised", models.PositiveIntegerField(default=0, verbose_name="提出几条")),
                (
                    "past_submitted",
                    models.PositiveIntegerField(default=0, verbose_name="报送几条"),
                ),
                ("past_adopted", models.PositiveIntegerField(default=0, verbose_name="采纳几条")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-received_on", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["neighbourhood", "state", "next_on"], name="draft_by_place"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "title"), name="a_draft_is_there_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["ended", "past"]),
                            models.Q(
                                ("next_on__isnull", False),
                                models.Q(("next_step", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_live_draft_promises_its_next_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "past"),
                            models.Q(
                                ("city_due_on__gte", models.F("due_on")),
                                ("due_on__gte", models.F("received_on")),
                                ("due_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="opinions_on_a_draft_end_before_they_are_owed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_ended_draft_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "past"),
                            models.Q(
                                ("past_activities", 0),
                                ("past_adopted", 0),
                                ("past_people", 0),
                                ("past_raised", 0),
                                ("past_submitted", 0),
                            ),
                            _connector="OR",
                        ),
                        name="only_drafts_of_earlier_years_are_numbers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("past_adopted__lte", models.F("past_submitted")),
                            ("past_submitted__lte", models.F("past_raised")),
                        ),
                        name="no_more_adopted_than_submitted_than_raised",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftStep",
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="suggestions.draftlaw",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "准备中"),
                            ("open", "征求意见中"),
                            ("closed", "意见收完，在整理"),
                            ("submitted", "已报送，等结果"),
                            ("ended", "已有结果"),
                            ("past", "早年的，只有数字"),
                        ],
                        max_length=9,
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
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["draft", "at"], name="draft_step_by_draft")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DraftVersion",
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="suggestions.draftlaw",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("name", models.CharField(max_length=60, verbose_name="叫什么")),
                ("is_final", models.BooleanField(default=False, verbose_name="通过的文本")),
                ("preamble", models.TextField(blank=True, verbose_name="开头")),
                ("annex", models.TextField(blank=True, verbose_name="附件")),
                ("sha256", models.CharField(max_length=64)),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "number"), name="a_draft_text_has_its_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftArticle",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="suggestions.draftversion",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=30)),
                ("chapter", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(verbose_name="条文")),
                ("note", models.TextField(blank=True, verbose_name="大白话")),
                ("terms", models.TextField(blank=True, verbose_name="难懂的词")),
                ("explained_at", models.DateTimeField(null=True)),
                (
                    "explained_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "position"), name="a_law_s_article_has_its_place"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "label"), name="a_law_s_article_stands_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_law_s_article_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsultationActivity",
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="suggestions.draftlaw",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("seminar", "座谈会"),
                            ("questionnaire", "问卷"),
                            ("online", "网上征求"),
                            ("visit", "上门听取"),
                            ("stall", "摆摊、宣传活动"),
                        ],
                        max_length=13,
                        verbose_name="方式",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("held_on", models.DateField(verbose_name="日期")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点")),
                ("people", models.PositiveIntegerField(verbose_name="参加人数")),
                (
                    "meeting_ref",
                    models.CharField(blank=True, max_length=80, verbose_name="对应的会议"),
                ),
                ("words", models.TextField(blank=True, verbose_name="说明")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "consultation activities",
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 1)), name="somebody_came_to_an_activity"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionBatch",
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="suggestions.draftlaw",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveSmallIntegerField()),
                ("to_body", models.CharField(max_length=120, verbose_name="报送给谁")),
                ("city_due_on", models.DateField(verbose_name="上报截止")),
                ("submitted_on", models.DateField(verbose_name="报送日期")),
                ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "pdf",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "docx",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "opinion batches",
                "ordering": ["-year", "-serial"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "year", "serial"), name="a_batch_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="a_batch_has_a_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleOpinion",
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="suggestions.draftlaw",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="suggestions.draftarticle",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="suggestions.consultationactivity",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("change", "改一改"),
                            ("add", "加一句"),
                            ("delete", "删掉"),
                            ("ask", "看不懂，想问"),
                        ],
                        max_length=6,
                        verbose_name="意见是",
                    ),
                ),
                ("text", models.TextField(verbose_name="意见")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("resident", "居民"),
                            ("lawyer", "律师"),
                            ("deputy", "人大代表"),
                            ("business", "企业、商户"),
                            ("organisation", "社会组织"),
                            ("staff", "居委、街道"),
                            ("expert", "专家"),
                        ],
                        default="resident",
                        max_length=12,
                        verbose_name="身份",
                    ),
                ),
                ("is_verbatim", models.BooleanField(default=True, verbose_name="原话")),
                (
                    "speaker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "speaker_name",
                    caoyang_portal.confidential.ConfidentialField(
                        blank=True, verbose_name="谁说的"
                    ),
                ),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "已收到，等审核"),
                            ("accepted", "列入报送"),
                            ("left_out", "没有列入"),
                            ("merged", "和相同的意见并在一起"),
                            ("submitted", "已报送，等结果"),
                            ("adopted", "采纳"),
                            ("partly", "部分采纳"),
                            ("rejected", "没有采纳"),
                            ("unknown", "没有得到答复"),
                        ],
                        default="raised",
                        max_length=9,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="suggestions.articleopinion",
                    ),
                ),
                ("review_words", models.TextField(blank=True, verbose_name="审核说明")),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="suggestions.opinionbatch",
                    ),
                ),
                ("result_words", models.TextField(blank=True, verbose_name="结果说明")),
                ("result_at", models.DateTimeField(null=True)),
                (
                    "final_article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suggestions.draftarticle",
                    ),
                ),
                ("told_state", models.CharField(blank=True, max_length=9)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["draft", "state"], name="opinion_by_draft"),
                    models.Index(fields=["speaker"], name="opinion_by_speaker"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "number"), name="an_article_opinion_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="an_article_opinion_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "left_out"), _negated=True),
                            models.Q(("review_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_opinion_left_out_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True), ("merged_into", None)
                            ),
                            _connector="OR",
                        ),
                        name="a_merged_opinion_says_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="no_opinion_merges_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_by", models.F("raised_by")), _negated=True),
                            models.Q(("reviewed_by", models.F("speaker")), _negated=True),
                        ),
                        name="nobody_reviews_their_own_opinion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    ["submitted", "adopted", "partly", "rejected", "unknown"],
                                ),
                                _negated=True,
                            ),
                            ("batch__isnull", False),
                            _connector="OR",
                        ),
                        name="a_submitted_opinion_is_in_a_batch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["adopted", "partly", "rejected", "unknown"]),
                            ("result_at", None),
                            _connector="OR",
                        ),
                        name="a_result_comes_after_submission",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionMerge",
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
                        related_name="merges",
                        to="suggestions.articleopinion",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suggestions.articleopinion",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "已收到，等审核"),
                            ("accepted", "列入报送"),
                            ("left_out", "没有列入"),
                            ("merged", "和相同的意见并在一起"),
                            ("submitted", "已报送，等结果"),
                            ("adopted", "采纳"),
                            ("partly", "部分采纳"),
                            ("rejected", "没有采纳"),
                            ("unknown", "没有得到答复"),
                        ],
                        max_length=9,
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
                ("undone_at", models.DateTimeField(null=True)),
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
                        fields=("opinion",),
                        name="an_opinion_is_merged_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
