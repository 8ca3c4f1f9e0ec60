"""Gives a key to a program that captures or asks for events, or closes it."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from khcn.domains.traceability.models import Client
from khcn.domains.traceability.services.clients import close_client, register_client
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure


class Command(BaseCommand):
    """`epcis_client NAME [--prefix DIGITS …] [--no-capture] [--no-query] [--sees-all]` prints the new key, once.

    `epcis_client NAME --close` closes every program of that name. The audit log names the system as the actor.
    """

    help = "Cấp khóa cho chương trình ghi hoặc truy vấn sự kiện truy xuất, hoặc khóa chương trình đó lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is and what it may do."""
        parser.add_argument("name", help="tên chương trình")
        parser.add_argument("--prefix", action="append", default=[], help="mã doanh nghiệp GS1, có thể lặp lại")
        parser.add_argument("--no-capture", action="store_true", help="không được ghi sự kiện")
        parser.add_argument("--no-query", action="store_true", help="không được truy vấn")
        parser.add_argument("--sees-all", action="store_true", help="thấy mọi sự kiện; chỉ dành cho cơ quan quản lý")
        parser.add_argument("--close", action="store_true", help="khóa chương trình mang tên này")

    def handle(self, *args: Any, **options: Any) -> None:
        """Register or close."""
        by = Actor(uid=UUID(int=0), name="Hệ thống", on=timezone.localdate(), is_system=True)
        if options["close"]:
            clients = list(Client.objects.filter(name=options["name"], is_active=True))
            if not clients:
                raise CommandError("Không có chương trình nào đang dùng mang tên này.")
            for client in clients:
                close_client(by=by, client=client)
            return
        try:
            _, key = register_client(
                by=by,
                name=options["name"],
                prefixes=options["prefix"],
                may_capture=not options["no_capture"],
                may_query=not options["no_query"],
                sees_all=options["sees_all"],
            )
        except Failure as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(key)
