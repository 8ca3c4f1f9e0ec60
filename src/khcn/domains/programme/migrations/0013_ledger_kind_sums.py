"""Sums of the ledger by task and kind read an index alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_official_papers'),
        ('programme', '0012_folded_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ledgerentry',
            name='programme_l_kind_cc6b91_idx',
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['kind', 'on', 'task', 'source', 'reverses', 'amount_vnd'], name='ledger_kind_sums'),
        ),
    ]
