"""Changes on their way: proposals with what was and what shall be, and files that wait to be taken in."""

from django.db import models

from khcn.domains.geodata.choices import LayerChangeKind, LayerChangeState, LayerImportState
from khcn.domains.geodata.models.layers import Layer
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Versioned


class ChangeProposal(Versioned):
    """A change to objects of a layer, from the proposal to the version it made.

    before: states it was written against; after: objects as they shall be (GeoJSON). findings: rules of topology broken
    when last checked. The persons of the acts are kept, since no one may decide on their own proposal.
    """

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="proposals", verbose_name="lớp")
    code = models.CharField("số", max_length=40, unique=True)
    kind = EnumField("biến động", enum=LayerChangeKind)
    state = EnumField("trạng thái", enum=LayerChangeState, default=LayerChangeState.PROPOSED)
    effective_on = models.DateField("hiệu lực từ")
    reason = models.CharField("lý do", max_length=600)
    evidence = models.CharField("căn cứ, hồ sơ kèm theo", max_length=400, blank=True)
    before = models.JSONField("trước", default=list)
    after = models.JSONField("sau", default=list)
    findings = models.JSONField("vi phạm quy tắc hình", default=list)
    note = models.CharField("ý kiến", max_length=600, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đề nghị")
    proposed_at = models.DateTimeField("đề nghị lúc")
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người kiểm tra"
    )
    checked_at = models.DateTimeField("kiểm tra lúc", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    applied_at = models.DateTimeField("cập nhật lúc", null=True, blank=True)
    made_version = models.PositiveIntegerField("thành phiên bản", null=True, blank=True)
    folded = models.CharField(max_length=400, editable=False, db_index=True, blank=True)

    class Meta:
        verbose_name = "đề nghị biến động"
        verbose_name_plural = "đề nghị biến động"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code


class LayerImport(Versioned):
    """A file that waits to be taken into a layer, whole or not at all.

    declared_epsg: what its sender says; detected: the systems in which it lies at home, best first. mapping: field →
    column of the file; remembered for the next file with the same columns. faults: (row, field, sentence).
    """

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="imports", verbose_name="lớp")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    filename = models.CharField("tên tệp", max_length=255)
    part = models.CharField("lớp trong tệp", max_length=200, blank=True)
    driver = models.CharField("định dạng", max_length=60)
    state = EnumField("trạng thái", enum=LayerImportState, default=LayerImportState.PREPARED)
    declared_epsg = models.PositiveIntegerField("hệ tọa độ khai báo")
    stated_epsg = models.PositiveIntegerField("hệ tọa độ ghi trong tệp", null=True, blank=True)
    detected = models.JSONField("hệ tọa độ nhận ra", default=list)
    encoding = models.CharField("bảng mã chữ", max_length=40, blank=True)
    columns = models.JSONField("các cột", default=list)
    mapping = models.JSONField("ghép trường", default=dict)
    code_column = models.CharField("cột mã", max_length=200, blank=True)
    replaces = models.BooleanField("thay toàn bộ dữ liệu đang có", default=False)
    effective_on = models.DateField("hiệu lực từ")
    row_count = models.PositiveIntegerField("số dòng", default=0)
    faults = models.JSONField("lỗi", default=list)
    fault_count = models.PositiveIntegerField("số lỗi", default=0)
    preview = models.JSONField("xem trước", default=list)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người gửi")
    applied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người nhập"
    )
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)
    made_version = models.PositiveIntegerField("thành phiên bản", null=True, blank=True)

    class Meta:
        verbose_name = "lần nhập tệp"
        verbose_name_plural = "lần nhập tệp"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.filename} → {self.layer}"
