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
        ("suggestions", "0007_mailboxes"),
        ("uploads", "0002_attachment_is_concealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Keepsake",
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
                ("number", models.PositiveIntegerField(verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("photo", "老照片"),
                            ("object", "老物件"),
                            ("paper", "旧票证、奖状、信件"),
                        ],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="叫什么")),
                ("story", models.TextField(verbose_name="它的故事")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="哪一年的"
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[("gift", "捐给居民区"), ("loan", "借给居民区，到期还我")],
                        max_length=4,
                        verbose_name="捐还是借",
                    ),
                ),
                (
                    "return_by",
                    models.DateField(blank=True, null=True, verbose_name="最晚哪天归还"),
                ),
                (
                    "rights",
                    models.CharField(
                        choices=[("all", "可以展出，也可以印在宣传品上"), ("show", "只可以展出")],
                        max_length=4,
                        verbose_name="可以怎么用",
                    ),
                ),
                (
                    "name_shown",
                    models.CharField(
                        choices=[
                            ("masked", "只写姓，例如“王*芳”"),
                            ("public", "写我的全名"),
                            ("hidden", "不写姓名"),
                        ],
                        max_length=8,
                        verbose_name="署名",
                    ),
                ),
                (
                    "giver_name",
                    caoyang_portal.confidential.ConfidentialField(blank=True, verbose_name="谁的"),
                ),
                (
                    "giver_phone",
                    caoyang_portal.confidential.ConfidentialField(blank=True, verbose_name="电话"),
                ),
                ("consented_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("consent_ended_at", models.DateTimeField(null=True)),
                ("offered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decide_by", models.DateField(verbose_name="最晚哪天回复")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "等回复"),
                            ("accepted", "已收下"),
                            ("shown", "正在展出"),
                            ("returned", "已归还"),
                            ("declined", "没有收"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("kept_at", models.CharField(blank=True, max_length=120, verbose_name="放在哪里")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="回复")),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "returned_to",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="还给了谁，怎么还的"
                    ),
                ),
                (
                    "consent",
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
                    "given_by",
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
            ],
            options={
                "ordering": ["year", "number"],
                "indexes": [
                    models.Index(fields=["neighbourhood", "state"], name="keepsake_by_place")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("neighbourhood", "number"), name="a_keepsake_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("terms", "loan"), ("return_by", None), _connector="XOR"
                        ),
                        name="a_lent_keepsake_has_a_day_of_return",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "shown"), _negated=True),
                            ("consent_ended_at", None),
                            _connector="OR",
                        ),
                        name="a_keepsake_is_shown_with_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by__isnull", False),
                            models.Q(
                                models.Q(("giver_name", ""), _negated=True),
                                ("consent__isnull", False),
                                ("entered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_keepsake_entered_by_staff_has_its_consent_on_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "shown"]), _negated=True),
                            models.Q(("kept_at", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_kept_keepsake_has_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_declined_keepsake_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "returned"), ("returned_to", ""), _connector="XOR"
                        ),
                        name="a_returned_keepsake_says_to_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepsakePhoto",
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
                (
                    "keepsake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="suggestions.keepsake",
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="community.neighbourhood"
                    ),
                ),
                (
                    "small",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="uploads.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
