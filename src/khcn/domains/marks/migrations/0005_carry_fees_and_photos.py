"""Carries what was paid to the fees, and the one picture of a visit to its photographs."""

from datetime import timedelta

from django.db import migrations


def carry(apps, _editor):
    """Before the fields go."""
    use_fee = apps.get_model("marks", "UseFee")
    for use in apps.get_model("marks", "UseRight").objects.filter(fee_vnd__gt=0):
        use_fee.objects.create(
            use=use,
            cause="grant",
            amount_vnd=use.fee_vnd,
            demanded_on=use.applied_on,
            due_on=use.applied_on + timedelta(days=30),
            paid_on=use.fee_paid_on,
        )
    photo = apps.get_model("marks", "VisitPhoto")
    for visit in apps.get_model("marks", "ControlVisit").objects.filter(photo__isnull=False):
        photo.objects.create(visit=visit, place=1, file_id=visit.photo_id)


class Migration(migrations.Migration):
    dependencies = [("marks", "0004_fees_incidents_reports")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop, elidable=True)]
