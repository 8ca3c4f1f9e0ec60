"""Brings the database up to date in one process: tables, reference data, static files where operation needs them.

Does not load the demonstration; `load_demo` does.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from khcn.site.demo.accounts import ACCOUNTS


class Command(BaseCommand):
    """Migrates, loads the reference data, collects static files under production's storage; repeatable."""

    help = "Chuẩn bị cơ sở dữ liệu, dữ liệu tham chiếu và tệp tĩnh; chạy lại bao nhiêu lần cũng được."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--demo also loads the demonstration."""
        parser.add_argument("--demo", action="store_true", help="nạp thêm dữ liệu minh họa")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in their order; the first that fails ends the command."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference", verbosity=0)
        if "whitenoise.storage" in settings.STORAGES["staticfiles"]["BACKEND"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"]:
            self._load_demo()

    def _load_demo(self) -> None:
        accounts = get_user_model().objects
        if accounts.filter(username=ACCOUNTS[0].username).exists():
            return  # it is there, though the launcher's stamp was lost, as after a restore
        if accounts.exists():
            raise CommandError("Cơ sở dữ liệu đã có tài khoản, không nạp dữ liệu minh họa.", returncode=3)
        with transaction.atomic():  # cut off half way, nothing of it stays
            call_command("load_demo", verbosity=0)
