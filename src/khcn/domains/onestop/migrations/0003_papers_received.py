from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onestop", "0002_campaigns_and_originals")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="papers_received",
            field=models.JSONField(blank=True, default=list, verbose_name="giấy tờ đã nhận bản giấy"),
        ),
    ]
