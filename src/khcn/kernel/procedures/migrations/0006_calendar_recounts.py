import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0005_run_worklist_messages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarRecount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("why", models.CharField(max_length=300, verbose_name="vì sao")),
                ("asked_at", models.DateTimeField(verbose_name="yêu cầu lúc")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="số hồ sơ")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="đã xem")),
                ("moved", models.PositiveIntegerField(default=0, verbose_name="đã đổi hạn")),
                ("last_case", models.PositiveBigIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần chạy")),
                ("touched_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="xong lúc")),
                ("failure", models.CharField(blank=True, max_length=500, verbose_name="lỗi")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người yêu cầu",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần tính lại theo lịch",
                "verbose_name_plural": "các lần tính lại theo lịch",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["touched_at"], name="recount_unfinished"
                    )
                ],
            },
        ),
    ]
