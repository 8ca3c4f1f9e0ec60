"""Opens the cases of the science procedures for records that were there before the procedures; repeatable."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils import timezone

from khcn.domains.programme.services.procedure_cases import open_missing_cases
from khcn.lib.actor import Actor


class Command(BaseCommand):
    """Prints how many cases were opened, how many were there, and how many due moments moved with their clocks."""

    help = "Mở hồ sơ quy trình cho đề xuất, thông báo, nhiệm vụ chưa có; chạy lại không tạo trùng."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay what was recorded."""
        done = open_missing_cases(by=Actor(uid=UUID(int=0), name="Hệ thống", on=timezone.localdate(), is_system=True))
        if options["verbosity"] > 0:
            self.stdout.write(f"Đã mở {done.opened} hồ sơ; đã có {done.there}; cập nhật {done.moved} hạn.")
