"""Takes in what stations publish at the MQTT broker, until stopped; runs beside the worker where a broker is named."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from khcn.domains.hazards.drivers import AccountFiles, Subscriber
from khcn.domains.warnings.choices import TOPIC_ROOT
from khcn.web.broker import own_broker


class Command(BaseCommand):
    """The broker is that of KHCN_MQTT_BROKER; nothing of it is acknowledged before the database has it."""

    help = "Nhận trị số quan trắc mà trạm gửi qua MQTT; --accounts chỉ ghi tệp tài khoản cho máy chủ MQTT rồi dừng."

    def add_arguments(self, parser: CommandParser) -> None:
        """--accounts writes the broker's files once."""
        parser.add_argument("--accounts", action="store_true", help="chỉ ghi tệp tài khoản vào KHCN_MQTT_ACCOUNTS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Subscribe until a TERM. Raises CommandError without a broker."""
        try:
            broker = own_broker()
        except ValueError as fault:
            raise CommandError(f"KHCN_MQTT_BROKER={settings.MQTT_BROKER!r}: {fault}") from fault
        files = None
        if settings.MQTT_ACCOUNTS:
            files = AccountFiles(Path(settings.MQTT_ACCOUNTS), broker, heard_by_all=f"{TOPIC_ROOT}/#")
        if options["accounts"]:
            if files is None:
                raise CommandError("Đặt KHCN_MQTT_ACCOUNTS là thư mục để ghi tệp tài khoản.")
            files.write()
            return
        asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: asked.set())
        Subscriber(broker, between=files.write if files else lambda: None).run(asked)
