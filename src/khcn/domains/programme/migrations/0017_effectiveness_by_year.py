from django.db import migrations, models


class Migration(migrations.Migration):
    """Two years of an agency may be confirmed on one day: each is a finding of its own."""

    dependencies = [
        ("programme", "0016_use_measures"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="agencyeffectiveness", name="effectiveness_once"),
        migrations.AddConstraint(
            model_name="agencyeffectiveness",
            constraint=models.UniqueConstraint(
                fields=("organisation", "effective_from", "effective_until"), name="effectiveness_once"
            ),
        ),
    ]
