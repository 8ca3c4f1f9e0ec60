from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("marks", "0005_carry_fees_and_photos")]

    operations = [
        migrations.RemoveField(model_name="controlvisit", name="photo"),
        migrations.RemoveField(model_name="useright", name="fee_paid_on"),
        migrations.RemoveField(model_name="useright", name="fee_vnd"),
    ]
