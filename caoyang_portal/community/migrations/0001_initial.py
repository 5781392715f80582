import caoyang_portal.confidential
import caoyang_portal.ids
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('phone', caoyang_portal.confidential.ConfidentialField(verbose_name='手机号')),
                ('phone_index', models.CharField(editable=False, max_length=64, unique=True)),
                ('phone_verified', models.BooleanField(default=False)),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='姓名')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='邮箱')),
                ('wechat_openid', models.CharField(blank=True, max_length=64)),
                ('elder_mode', models.BooleanField(default=False, verbose_name='大字版')),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('is_active', models.BooleanField(default=True)),
                ('is_superuser', models.BooleanField(default=False)),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Neighbourhood',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('code', models.SlugField(unique=True)),
                ('committee_phone', models.CharField(blank=True, max_length=30, verbose_name='居委电话')),
                ('opening_hours', models.CharField(blank=True, max_length=80, verbose_name='办公时间')),
            ],
        ),
        migrations.CreateModel(
            name='SubDistrict',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('code', models.SlugField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='UnknownCaller',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('phone', caoyang_portal.confidential.ConfidentialField(verbose_name='手机号')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='CountedWindow',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['began_at'], name='window_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('party', '党组织'), ('grid', '网格'), ('committee', '居委会'), ('department', '部门'), ('implementer', '实施主体'), ('partner', '合作单位')], max_length=20)),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('neighbourhood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.organisation')),
                ('sub_district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.subdistrict')),
            ],
        ),
        migrations.AddField(
            model_name='neighbourhood',
            name='sub_district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.subdistrict'),
        ),
        migrations.CreateModel(
            name='WorkZone',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
            ],
            options={
                'ordering': ['order', 'name'],
                'constraints': [models.UniqueConstraint(fields=('neighbourhood', 'name'), name='a_work_zone_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='Building',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='幢号')),
                ('number', models.PositiveIntegerField(default=0)),
                ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                ('work_zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.workzone')),
            ],
            options={
                'ordering': ['number', 'name'],
                'constraints': [models.UniqueConstraint(fields=('neighbourhood', 'name'), name='a_building_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('sign', '签约'), ('vote', '表决'), ('confirm', '确认方案'), ('phone_change', '更换手机号')], max_length=20)),
                ('bound_to', models.CharField(max_length=160)),
                ('session_key', models.CharField(blank=True, max_length=64)),
                ('code_hash', models.CharField(max_length=64)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('tries_left', models.PositiveSmallIntegerField(default=5)),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-sent_at'], name='code_by_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='a_code_lives_after_it_is_sent')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('office', models.CharField(choices=[('committee', '居委干部'), ('building_leader', '楼组长'), ('mediator', '调解员'), ('designer', '设计师'), ('street_official', '街道干部'), ('auditor', '审计员'), ('administrator', '管理员')], max_length=20, verbose_name='岗位')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.building')),
                ('neighbourhood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.neighbourhood')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='community.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('sub_district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='community.subdistrict')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='a_posting_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('office', 'building_leader'), _negated=True), ('building__isnull', False), _connector='OR'), name='a_building_leader_has_a_building'), models.CheckConstraint(condition=models.Q(('office__in', ['street_official', 'auditor', 'administrator']), ('neighbourhood__isnull', False), _connector='OR'), name='a_local_posting_has_a_neighbourhood')],
            },
        ),
    ]
