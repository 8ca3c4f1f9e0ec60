"""Gives units a boundary and places a geometry; PostGIS must be there on PostgreSQL."""

from django.db import migrations, models

from khcn.web.geometry import GeometryField
from khcn.web.geometry.postgis import enable_postgis


class Migration(migrations.Migration):
    """Extension, then columns; their indexes are made after every migrate."""

    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.RunPython(enable_postgis, migrations.RunPython.noop),
        migrations.AddField(
            model_name="administrativeunit",
            name="geometry",
            field=GeometryField(blank=True, null=True, verbose_name="ranh giới"),
        ),
        migrations.AddField(
            model_name="place",
            name="geometry",
            field=GeometryField(blank=True, null=True, verbose_name="vị trí"),
        ),
        migrations.AlterField(
            model_name="administrativeunit",
            name="latitude",
            field=models.FloatField(blank=True, null=True, verbose_name="vĩ độ trung tâm"),
        ),
        migrations.AlterField(
            model_name="administrativeunit",
            name="longitude",
            field=models.FloatField(blank=True, null=True, verbose_name="kinh độ trung tâm"),
        ),
    ]
