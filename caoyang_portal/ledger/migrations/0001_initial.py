import caoyang_portal.ids
import caoyang_portal.migrating
import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('uploads', '0001_initial'),
    ]

    operations = [
        caoyang_portal.migrating.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Checkpoint',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField(unique=True, verbose_name='日期')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('root', models.BinaryField()),
                        ('prev_root', models.BinaryField()),
                        ('heads', models.IntegerField(verbose_name='链数')),
                        ('entries', models.BigIntegerField(verbose_name='记录数')),
                        ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='uploads.attachment')),
                    ],
                    options={
                        'ordering': ['-day'],
                        'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('root'), function='octet_length', output_field=models.IntegerField()), 32), name='a_root_is_a_sha256'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('prev_root'), function='octet_length', output_field=models.IntegerField()), 32), name='a_previous_root_is_a_sha256')],
                    },
                ),
                migrations.CreateModel(
                    name='CheckpointHead',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('chain', models.CharField(max_length=80)),
                        ('seq', models.BigIntegerField()),
                        ('hash', models.BinaryField()),
                        ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.checkpoint')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='a_head_is_anchored_once'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('hash'), function='octet_length', output_field=models.IntegerField()), 32), name='an_anchored_head_is_a_sha256')],
                    },
                ),
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.UUIDField(default=caoyang_portal.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('chain', models.CharField(max_length=80, verbose_name='链')),
                        ('seq', models.BigIntegerField(verbose_name='序号')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('act', models.CharField(max_length=80, verbose_name='事项')),
                        ('neighbourhood_id', models.UUIDField(null=True)),
                        ('subject_type', models.CharField(max_length=80)),
                        ('subject_id', models.CharField(max_length=40)),
                        ('payload', models.TextField()),
                        ('prev_hash', models.BinaryField()),
                        ('hash', models.BinaryField()),
                        ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['neighbourhood_id', 'at'], name='entry_by_place')],
                        'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='a_chain_has_one_entry_per_number'), models.UniqueConstraint(fields=('chain', 'prev_hash'), name='a_chain_never_forks'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('prev_hash'), function='octet_length', output_field=models.IntegerField()), 32), name='a_previous_hash_is_a_sha256'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('hash'), function='octet_length', output_field=models.IntegerField()), 32), name='an_entry_hash_is_a_sha256')],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subscriber', models.CharField(max_length=120, verbose_name='收件方')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                        ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('dead_at', models.DateTimeField(null=True)),
                        ('last_error', models.TextField(blank=True, verbose_name='原因')),
                        ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='ledger.entry')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('dead_at', None), ('settled_at', None)), fields=['next_try_at', 'id'], name='delivery_owed'), models.Index(condition=models.Q(('dead_at__isnull', False), ('settled_at', None)), fields=['dead_at'], name='delivery_dead')],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'subscriber'), name='one_delivery_each')],
                    },
                ),
                migrations.CreateModel(
                    name='Head',
                    fields=[
                        ('chain', models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ('seq', models.BigIntegerField()),
                        ('hash', models.BinaryField()),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('hash'), function='octet_length', output_field=models.IntegerField()), 32), name='a_head_is_a_sha256')],
                    },
                ),
            ],
        ),
    ]
