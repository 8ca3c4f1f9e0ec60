"""Gives products a folded name, so that their list is searched without diacritics."""

from django.db import migrations, models

from khcn.lib.text import fold


def fill(apps, editor):
    """Fold what is there."""
    Product = apps.get_model("programme", "Product")
    for product in Product.objects.only("code", "name").iterator():
        Product.objects.filter(pk=product.pk).update(folded=fold(f"{product.code} {product.name}")[:400])


class Migration(migrations.Migration):
    """One column, filled from the names."""

    dependencies = [("programme", "0010_money_invariants")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="folded",
            field=models.CharField(blank=True, default="", editable=False, max_length=400),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
