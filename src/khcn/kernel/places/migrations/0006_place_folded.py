"""Gives places a folded name, so that they are found without diacritics."""

from django.db import migrations, models

from khcn.lib.text import fold


def fill(apps, editor):
    """Fold what is there."""
    Place = apps.get_model("places", "Place")
    for row in Place.objects.only("name").iterator():
        Place.objects.filter(pk=row.pk).update(folded=fold(row.name)[:300])


class Migration(migrations.Migration):
    """Columns, filled from the names."""

    dependencies = [
        ('places', '0005_boundary_editions'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='place',
            options={'ordering': ['name', 'id'], 'verbose_name': 'địa điểm', 'verbose_name_plural': 'địa điểm'},
        ),
        migrations.AddField(
            model_name='place',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=300),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
