import caoyang_portal.confidential
import caoyang_portal.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_bigrams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suggestions", "0006_search"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailboxRound",
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
                            ("opened", "等第二个人确认"),
                            ("confirmed", "登记信件"),
                            ("closed", "已办完"),
                            ("void", "作废"),
                        ],
                        default="opened",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="什么时候开的")),
                ("counted", models.PositiveSmallIntegerField(verbose_name="数了几封")),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "counted_again",
                    models.PositiveSmallIntegerField(null=True, verbose_name="第二个人数了几封"),
                ),
                (
                    "mismatch",
                    models.CharField(blank=True, max_length=300, verbose_name="数目为什么对不上"),
                ),
                ("finish_by", models.DateField(verbose_name="最晚哪天办完")),
                ("warned_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "void_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么作废"),
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
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="suggestions.collectionpoint",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="第二个人",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "state"], name="mailbox_by_place")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second", models.F("opened_by")), _negated=True),
                        name="a_mailbox_is_opened_by_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["opened", "confirmed"])),
                        fields=("point",),
                        name="a_mailbox_has_one_round_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["opened", "void"]),
                            models.Q(
                                ("confirmed_at__isnull", False), ("counted_again__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="letters_are_entered_after_the_second_count",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("counted_again", None),
                            ("counted_again", models.F("counted")),
                            models.Q(("mismatch", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="two_counts_agree_or_it_is_said_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_void_round_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                    "text",
                    caoyang_portal.confidential.ConfidentialField(
                        blank=True, verbose_name="信上写了什么"
                    ),
                ),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("waiting", "还没办"),
                            ("suggestion", "成了建议"),
                            ("claim", "成了诉求"),
                            ("neither", "都不是"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么都不是"),
                ),
                ("dealt_at", models.DateTimeField(null=True)),
                (
                    "claim",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="suggestions.claim",
                    ),
                ),
                (
                    "dealt_by",
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
                ("scans", models.ManyToManyField(related_name="+", to="uploads.attachment")),
                (
                    "suggestion",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="suggestions.suggestion",
                    ),
                ),
                (
                    "transcribed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="suggestions.mailboxround",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="a_letter_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fate", "suggestion"), ("suggestion", None), _connector="XOR"
                        ),
                        name="a_letter_made_a_suggestion_leads_to_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fate", "claim"), ("claim", None), _connector="XOR"),
                        name="a_letter_made_a_claim_leads_to_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fate", "neither"), ("reason", ""), _connector="XOR"),
                        name="a_letter_that_is_neither_says_why",
                    ),
                ],
            },
        ),
    ]
