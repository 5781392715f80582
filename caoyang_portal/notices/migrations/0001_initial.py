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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('ledger', '0001_initial'),
    ]

    operations = [
        caoyang_portal.migrating.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Notice',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('neighbourhood_id', models.UUIDField(null=True)),
                        ('text', models.TextField(verbose_name='内容')),
                        ('link', models.CharField(blank=True, max_length=200)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                        ('read_at', models.DateTimeField(null=True, verbose_name='已读')),
                        ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['reader', '-created_at'], name='notice_by_reader'), models.Index(condition=models.Q(('read_at', None)), fields=['reader'], name='notice_unread')],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'reader'), name='a_reader_is_told_once'), models.CheckConstraint(condition=models.Q(('link__regex', '^(/([^/\\\\].*)?)?$')), name='a_notice_links_into_the_portal')],
                    },
                ),
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(choices=[('sms', '短信'), ('email', '邮件'), ('wechat', '微信')], max_length=10, verbose_name='渠道')),
                        ('on', models.BooleanField(default=True, verbose_name='接收')),
                        ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'channel'), name='one_preference_per_channel')],
                    },
                ),
                migrations.CreateModel(
                    name='Sending',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('key', models.CharField(max_length=160, unique=True)),
                        ('channel', models.CharField(choices=[('sms', '短信'), ('email', '邮件'), ('wechat', '微信')], max_length=10, verbose_name='渠道')),
                        ('kind', models.CharField(choices=[('notice', '通知'), ('code', '验证码')], default='notice', max_length=10)),
                        ('urgent', models.BooleanField(default=False)),
                        ('neighbourhood_id', models.UUIDField(null=True)),
                        ('to', caoyang_portal.confidential.ConfidentialField(verbose_name='收件人')),
                        ('to_tail', models.CharField(blank=True, max_length=4, verbose_name='尾号')),
                        ('text', caoyang_portal.confidential.ConfidentialField(blank=True, verbose_name='内容')),
                        ('state', models.CharField(choices=[('queued', '待发送'), ('unknown', '待确认'), ('sent', '已发送'), ('refused', '被拒'), ('dead', '未送达')], default='queued', max_length=10, verbose_name='状态')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                        ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('provider_id', models.CharField(blank=True, max_length=80)),
                        ('sent_at', models.DateTimeField(null=True, verbose_name='发出')),
                        ('last_error', models.CharField(blank=True, max_length=120, verbose_name='原因')),
                        ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(models.OrderBy(models.F('urgent'), descending=True), models.F('next_try_at'), models.F('id'), condition=models.Q(('state__in', ['queued', 'unknown'])), name='sending_owed'), models.Index(fields=['neighbourhood_id', '-created_at'], name='sending_by_place'), models.Index(condition=models.Q(('kind', 'code'), models.Q(('text', ''), _negated=True)), fields=['created_at'], name='sending_code_to_blank')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='a_sent_message_has_its_time'), models.CheckConstraint(condition=models.Q(('kind', 'code'), models.Q(('text', ''), _negated=True), _connector='OR'), name='only_a_code_may_be_blanked')],
                    },
                ),
            ],
        ),
    ]
