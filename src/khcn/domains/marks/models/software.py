"""Files of software copyright: the program, its source as sent, what was found in it, and where the file stands."""

from typing import Any

from django.db import models

from khcn.domains.marks.choices import FileState
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Organisation, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class SoftwareFile(Versioned):
    """One program of an enterprise and its file for the copyright office.

    found: modules, authors, secrets and what was left out, as the archive was read; rebuilt with every new archive.
    The source itself is never shown before somebody looked at the secrets (`secrets_seen_at`).
    """

    code = models.SlugField("mã", max_length=60, unique=True)
    name = models.CharField("tên chương trình", max_length=200)
    edition = models.CharField("phiên bản chương trình", max_length=40, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ chức trong hệ thống"
    )
    owner_name = models.CharField("chủ sở hữu", max_length=200)
    owner_address = models.CharField("địa chỉ", max_length=300, blank=True)
    authors = models.TextField("tác giả", blank=True)
    summary = models.TextField("giới thiệu chức năng", blank=True)
    finished_on = models.DateField("ngày hoàn thành", null=True, blank=True)
    published_on = models.DateField("ngày công bố", null=True, blank=True)
    archive = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mã nguồn"
    )
    found = models.JSONField("nội dung đọc được", default=dict, blank=True)
    secrets_seen_at = models.DateTimeField("lúc xem bí mật", null=True, blank=True)
    secrets_seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người xem")
    state = EnumField("trạng thái", enum=FileState, default=FileState.DRAFT)
    filed_on = models.DateField("ngày nộp hồ sơ", null=True, blank=True)
    receipt = models.CharField("số biên nhận", max_length=80, blank=True)
    certificate = models.CharField("số giấy chứng nhận", max_length=80, blank=True)
    certified_on = models.DateField("ngày cấp", null=True, blank=True)
    fee_vnd = models.PositiveBigIntegerField("lệ phí, đồng", default=0)
    support_vnd = models.PositiveBigIntegerField("kế hoạch hỗ trợ, đồng", default=0)
    support_basis = models.CharField("căn cứ hỗ trợ", max_length=200, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=500, editable=False, db_index=True)

    class Meta:
        verbose_name = "hồ sơ bản quyền phần mềm"
        verbose_name_plural = "hồ sơ bản quyền phần mềm"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.name} {self.owner_name} {self.certificate}")[:500]
        super().save(*args, **kwargs)


class SoftwareScreen(Identified):
    """A picture of the program's screens for the file."""

    software = models.ForeignKey(SoftwareFile, models.CASCADE, related_name="screens", verbose_name="hồ sơ")
    place = models.PositiveSmallIntegerField("thứ tự")
    title = models.CharField("tên màn hình", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="ảnh")

    class Meta:
        verbose_name = "màn hình phần mềm"
        verbose_name_plural = "màn hình phần mềm"
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.title
