"""Places keep their geometry only; degrees are read from it."""

from django.db import migrations


class Migration(migrations.Migration):
    """Drop the two columns."""

    dependencies = [("places", "0003_points_from_degrees")]

    operations = [
        migrations.RemoveField(model_name="place", name="latitude"),
        migrations.RemoveField(model_name="place", name="longitude"),
    ]
