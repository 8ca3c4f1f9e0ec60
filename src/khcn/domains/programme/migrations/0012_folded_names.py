"""Gives order lists, orders, calls, dossiers and difficulties a folded text; orders every list to the last row."""

from django.db import migrations, models

from khcn.lib.text import fold


def fill_order_lists(apps, editor):
    """Fold what is there."""
    OrderList = apps.get_model("programme", "OrderList")
    for row in OrderList.objects.only("code", "title", "decision_number").iterator():
        OrderList.objects.filter(pk=row.pk).update(folded=fold(f"{row.code} {row.title} {row.decision_number}")[:450])


def fill_orders(apps, editor):
    """Fold what is there."""
    Order = apps.get_model("programme", "Order")
    for row in Order.objects.only("title").iterator():
        Order.objects.filter(pk=row.pk).update(folded=fold(row.title)[:500])


def fill_calls(apps, editor):
    """Fold what is there."""
    Call = apps.get_model("programme", "Call")
    for row in Call.objects.only("code").iterator():
        Call.objects.filter(pk=row.pk).update(folded=fold(row.code)[:40])


def fill_applications(apps, editor):
    """Fold what is there."""
    Application = apps.get_model("programme", "Application")
    for row in Application.objects.only("code").iterator():
        Application.objects.filter(pk=row.pk).update(folded=fold(row.code)[:40])


def fill_issues(apps, editor):
    """Fold what is there."""
    Issue = apps.get_model("programme", "Issue")
    for row in Issue.objects.only("code", "title").iterator():
        Issue.objects.filter(pk=row.pk).update(folded=fold(f"{row.code} {row.title}")[:350])


class Migration(migrations.Migration):
    """Columns, filled from the names."""

    dependencies = [
        ('programme', '0011_product_folded'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='agencyeffectiveness',
            options={'ordering': ['-effective_from', 'id'], 'verbose_name': 'áp dụng hiệu quả ISO điện tử', 'verbose_name_plural': 'áp dụng hiệu quả ISO điện tử'},
        ),
        migrations.AlterModelOptions(
            name='assignment',
            options={'ordering': ['plan', 'group', 'ordinal', 'id'], 'verbose_name': 'phân công', 'verbose_name_plural': 'phân công'},
        ),
        migrations.AlterModelOptions(
            name='budgetline',
            options={'ordering': ['budget', 'source', 'year', 'kind', 'id'], 'verbose_name': 'dòng dự toán', 'verbose_name_plural': 'dòng dự toán'},
        ),
        migrations.AlterModelOptions(
            name='clockrule',
            options={'ordering': ['rule_set', 'key', 'id'], 'verbose_name': 'thời hạn theo quy định', 'verbose_name_plural': 'thời hạn theo quy định'},
        ),
        migrations.AlterModelOptions(
            name='contentline',
            options={'ordering': ['field', 'ordinal', 'id'], 'verbose_name': 'nội dung', 'verbose_name_plural': 'nội dung'},
        ),
        migrations.AlterModelOptions(
            name='contractannex',
            options={'ordering': ['signed_on', 'id'], 'verbose_name': 'phụ lục hợp đồng', 'verbose_name_plural': 'phụ lục hợp đồng'},
        ),
        migrations.AlterModelOptions(
            name='formtemplate',
            options={'ordering': ['rule_set', 'code', 'id'], 'verbose_name': 'biểu mẫu', 'verbose_name_plural': 'biểu mẫu'},
        ),
        migrations.AlterModelOptions(
            name='handover',
            options={'ordering': ['-handed_on', 'id'], 'verbose_name': 'bàn giao', 'verbose_name_plural': 'bàn giao'},
        ),
        migrations.AlterModelOptions(
            name='inspection',
            options={'ordering': ['-held_on', 'id'], 'verbose_name': 'kiểm tra', 'verbose_name_plural': 'kiểm tra'},
        ),
        migrations.AlterModelOptions(
            name='objective',
            options={'ordering': ['plan', 'ordinal', 'id'], 'verbose_name': 'mục tiêu', 'verbose_name_plural': 'mục tiêu'},
        ),
        migrations.AlterModelOptions(
            name='planbasis',
            options={'ordering': ['plan', 'ordinal', 'id'], 'verbose_name': 'căn cứ của kế hoạch', 'verbose_name_plural': 'căn cứ của kế hoạch'},
        ),
        migrations.AlterModelOptions(
            name='plansource',
            options={'ordering': ['plan', 'ordinal', 'id'], 'verbose_name': 'nguồn kinh phí', 'verbose_name_plural': 'nguồn kinh phí'},
        ),
        migrations.AlterModelOptions(
            name='reportobligation',
            options={'ordering': ['task', 'due_on', 'id'], 'verbose_name': 'nghĩa vụ báo cáo', 'verbose_name_plural': 'nghĩa vụ báo cáo'},
        ),
        migrations.AlterModelOptions(
            name='savedfilter',
            options={'ordering': ['name', 'id'], 'verbose_name': 'bộ lọc đã lưu', 'verbose_name_plural': 'bộ lọc đã lưu'},
        ),
        migrations.AlterModelOptions(
            name='workcontent',
            options={'ordering': ['task', 'ordinal', 'id'], 'verbose_name': 'nội dung công việc', 'verbose_name_plural': 'nội dung công việc'},
        ),
        migrations.AddField(
            model_name='application',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='call',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='issue',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=350),
        ),
        migrations.AddField(
            model_name='order',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name='orderlist',
            name='folded',
            field=models.CharField(blank=True, default='', editable=False, max_length=450),
        ),
        migrations.RunPython(fill_order_lists, migrations.RunPython.noop),
        migrations.RunPython(fill_orders, migrations.RunPython.noop),
        migrations.RunPython(fill_calls, migrations.RunPython.noop),
        migrations.RunPython(fill_applications, migrations.RunPython.noop),
        migrations.RunPython(fill_issues, migrations.RunPython.noop),
    ]
