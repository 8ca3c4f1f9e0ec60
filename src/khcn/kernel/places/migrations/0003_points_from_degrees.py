"""Turns the degrees of places into points, and back."""

from django.db import migrations
from shapely.geometry import Point


def to_points(apps, editor):
    """A point for every place with both degrees."""
    places = apps.get_model("places", "Place").objects
    for place in places.exclude(latitude=None).exclude(longitude=None).iterator():
        place.geometry = Point(place.longitude, place.latitude)
        place.save(update_fields=["geometry"])


def to_degrees(apps, editor):
    """The middle of every geometry; a shape is reduced to it."""
    for place in apps.get_model("places", "Place").objects.exclude(geometry=None).iterator():
        middle = place.geometry.representative_point()
        place.latitude, place.longitude = middle.y, middle.x
        place.save(update_fields=["latitude", "longitude"])


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("places", "0002_geometry_columns")]

    operations = [migrations.RunPython(to_points, to_degrees)]
