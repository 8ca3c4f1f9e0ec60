from django.db import migrations


def say_what_is_due(apps, schema_editor):
    """Dossiers of procedures with a fee that nobody has demanded yet no longer say that there is none."""
    Dossier = apps.get_model("onestop", "Dossier")
    Dossier.objects.filter(finance="none", procedure__fee_vnd__gt=0).update(finance="not_demanded")


def say_none(apps, schema_editor):
    """The word that stood for both."""
    Dossier = apps.get_model("onestop", "Dossier")
    Dossier.objects.filter(finance="not_demanded").update(finance="none")


class Migration(migrations.Migration):
    dependencies = [("onestop", "0003_papers_received")]

    operations = [migrations.RunPython(say_what_is_due, say_none)]
