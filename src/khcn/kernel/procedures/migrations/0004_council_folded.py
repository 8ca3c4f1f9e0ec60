"""Gives councils a folded text, so that they are found without diacritics."""

from django.db import migrations, models

from khcn.lib.text import fold


def fill(apps, editor):
    """Fold what is there."""
    Council = apps.get_model("procedures", "Council")
    for row in Council.objects.only("code", "title", "decision_number").iterator():
        Council.objects.filter(pk=row.pk).update(folded=fold(f"{row.code} {row.title} {row.decision_number}")[:650])


class Migration(migrations.Migration):
    """Columns, filled from the names."""

    dependencies = [
        ('procedures', '0003_case_log_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='council',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=650),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
