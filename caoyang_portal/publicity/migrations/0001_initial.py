import caoyang_portal.confidential
import caoyang_portal.ids
import caoyang_portal.migrating
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('community', '0004_departments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('uploads', '0002_attachment_is_concealed'),
    ]

    operations = [
        caoyang_portal.migrating.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Publicity',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(blank=True, max_length=12, verbose_name='编号')),
                        ('title', models.CharField(max_length=120, verbose_name='题目')),
                        ('body', models.TextField(blank=True, verbose_name='正文')),
                        ('legal_basis', models.CharField(max_length=300, verbose_name='依据')),
                        ('about', models.CharField(blank=True, max_length=80)),
                        ('about_id', models.CharField(blank=True, max_length=40)),
                        ('link', models.CharField(blank=True, max_length=200)),
                        ('why_again', models.CharField(blank=True, max_length=300, verbose_name='再次公示的原因')),
                        ('days', models.PositiveSmallIntegerField(verbose_name='公示天数')),
                        ('opinion_days', models.PositiveSmallIntegerField(default=0, verbose_name='期满后听取意见的天数')),
                        ('counted_in', models.CharField(choices=[('calendar', '自然日'), ('working', '工作日')], default='calendar', max_length=8, verbose_name='天数按')),
                        ('answer_days', models.PositiveSmallIntegerField(default=7, verbose_name='几个工作日内答复异议')),
                        ('state', models.CharField(choices=[('draft', '起草中'), ('posted', '公示中'), ('opinions', '听取意见中'), ('ended', '公示期满'), ('taken_down', '已撤下'), ('withdrawn', '已撤回')], default='draft', max_length=10)),
                        ('drafted_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('posted_at', models.DateTimeField(null=True, verbose_name='发布时间')),
                        ('text_sha256', models.CharField(blank=True, max_length=64, verbose_name='内容指纹')),
                        ('starts_on', models.DateField(null=True, verbose_name='公示开始')),
                        ('ends_on', models.DateField(null=True, verbose_name='公示截止')),
                        ('opinions_until', models.DateField(null=True, verbose_name='意见截止')),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('taken_down_at', models.DateTimeField(null=True)),
                        ('withdraw_reason', models.CharField(blank=True, max_length=300, verbose_name='撤回的原因')),
                        ('certificate_asked_at', models.DateTimeField(null=True)),
                        ('certificate_sha256', models.CharField(blank=True, max_length=64)),
                        ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='uploads.attachment')),
                        ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('follows', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='publicity.publicity')),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                    ],
                    options={
                        'ordering': ['-drafted_at'],
                        'indexes': [models.Index(fields=['neighbourhood', 'state', 'ends_on'], name='publicity_by_place'), models.Index(fields=['about', 'about_id'], name='publicity_by_matter')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('neighbourhood', 'number'), name='a_publicity_has_its_number'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn']), models.Q(('ends_on__isnull', False), ('opinions_until__isnull', False), ('posted_at__isnull', False), ('starts_on__isnull', False), ('text_sha256__regex', '^[0-9a-f]{64}$'), models.Q(('number', ''), _negated=True)), _connector='OR'), name='a_posted_publicity_has_its_days'), models.CheckConstraint(condition=models.Q(('ends_on', None), models.Q(('ends_on__gt', models.F('starts_on')), ('opinions_until__gte', models.F('ends_on'))), _connector='OR'), name='a_publicity_s_days_follow_one_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ended', 'taken_down']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='an_ended_publicity_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdraw_reason', ''), _negated=True), _connector='OR'), name='a_withdrawn_publicity_says_why'), models.CheckConstraint(condition=models.Q(('certificate', None), models.Q(('certificate_sha256', ''), _negated=True), _connector='OR'), name='an_end_certificate_is_hashed'), models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='a_publicity_lasts_some_days'), models.CheckConstraint(condition=models.Q(('follows', None), models.Q(('why_again', ''), _negated=True), _connector='OR'), name='publicity_again_says_why'), models.CheckConstraint(condition=models.Q(('link__regex', '^(/([^/\\\\].*)?)?$')), name='a_publicity_links_into_the_portal')],
                    },
                ),
                migrations.CreateModel(
                    name='PostingPlace',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('place', models.CharField(max_length=120, verbose_name='地点')),
                        ('put_up_on', models.DateField(null=True, verbose_name='贴出日期')),
                        ('photographed_at', models.DateTimeField(null=True)),
                        ('taken_down_on', models.DateField(null=True, verbose_name='撤下日期')),
                        ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.building')),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                        ('photo', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='uploads.attachment')),
                        ('put_up_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('taken_down_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('publicity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='publicity.publicity')),
                    ],
                    options={
                        'ordering': ['building__number', 'place', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('publicity', 'building', 'place'), name='a_place_is_named_once_in_a_publicity', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('photo', None), ('put_up_on__isnull', False), _connector='OR'), name='a_photographed_notice_was_put_up'), models.CheckConstraint(condition=models.Q(('taken_down_on', None), ('taken_down_on__gte', models.F('put_up_on')), _connector='OR'), name='a_notice_comes_down_after_it_went_up')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicityExtension',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('days', models.PositiveSmallIntegerField(verbose_name='延长天数')),
                        ('reason', models.CharField(max_length=300, verbose_name='原因')),
                        ('ended_on', models.DateField(verbose_name='原截止')),
                        ('ends_on', models.DateField(verbose_name='延长到')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                        ('publicity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='publicity.publicity')),
                    ],
                    options={
                        'ordering': ['at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('ended_on')), models.Q(('reason', ''), _negated=True)), name='an_extension_adds_days_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicityFile',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=120, verbose_name='名称')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='uploads.attachment')),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                        ('publicity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='publicity.publicity')),
                    ],
                    options={
                        'ordering': ['number'],
                        'constraints': [models.UniqueConstraint(fields=('publicity', 'number'), name='a_publicity_s_files_are_numbered')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicityObjection',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('text', models.TextField(verbose_name='异议')),
                        ('channel', models.CharField(choices=[('online', '网上'), ('counter', '当面'), ('phone', '电话'), ('letter', '书面')], default='online', max_length=8, verbose_name='方式')),
                        ('name', caoyang_portal.confidential.ConfidentialField(blank=True, verbose_name='姓名')),
                        ('home', caoyang_portal.confidential.ConfidentialField(blank=True, verbose_name='住址')),
                        ('for_household', models.BooleanField(default=False, verbose_name='代表全家')),
                        ('is_unnamed', models.BooleanField(default=False, verbose_name='不公开姓名')),
                        ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('answer_by', models.DateField(verbose_name='答复期限')),
                        ('reminded_on', models.DateField(null=True)),
                        ('outcome', models.CharField(blank=True, choices=[('adopted', '采纳'), ('considered', '充分考虑'), ('declined', '无法采纳')], max_length=10, verbose_name='结果')),
                        ('answer', models.TextField(blank=True, verbose_name='答复和理由')),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('hidden_because', models.CharField(blank=True, max_length=200, verbose_name='不公开正文的原因')),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                        ('publicity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='publicity.publicity')),
                        ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['number'],
                        'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['answer_by'], name='publicity_objection_owed')],
                        'constraints': [models.UniqueConstraint(fields=('publicity', 'number'), name='a_publicity_s_objections_are_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='an_answered_publicity_objection_has_reasons'), models.CheckConstraint(condition=models.Q(('raised_by__isnull', False), ('entered_by__isnull', False), _connector='OR'), name='an_objection_comes_from_somebody'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='an_objection_says_something')],
                    },
                ),
                migrations.CreateModel(
                    name='ObjectionFile',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='uploads.attachment')),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                        ('objection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='publicity.publicityobjection')),
                    ],
                ),
            ],
        ),
    ]
