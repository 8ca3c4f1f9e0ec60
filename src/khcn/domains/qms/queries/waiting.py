"""What waits in an agency's system or is due to be done again: one table of conditions, counted in one statement.

The same conditions narrow the lists that the counts lead to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from khcn.domains.qms import models
from khcn.domains.qms.choices import AuditState, DocumentType, NonconformityState, ReviewState, RevisionState

NC_OVER = [NonconformityState.CLOSED, NonconformityState.CANCELLED]
Condition = Callable[[date], Q]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits in the system: its text, how many, the list's address name and query."""

    text: str
    count: int
    url_name: str
    query: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """A kind of thing that waits: its text, its model, when a row of it waits, how a row finds its system."""

    text: str
    model: type[Model]
    condition: Condition
    url_name: str
    query: str = ""
    is_late: bool = False
    path: str = "system"


def review_due(on: date) -> Q:
    """Was to be looked at again before the day."""
    return Q(review_on__lt=on)


def risk_due(on: date) -> Q:
    """An open risk that was to be looked at again before the day."""
    return Q(closed_on=None, review_on__lt=on)


def document_due(on: date) -> Q:
    """In effect, and its document was to be revised or confirmed before the day."""
    return Q(state=RevisionState.EFFECTIVE, document__review_on__lt=on)


def outside_ended(on: date) -> Q:
    """A document from outside that is used on after its validity ended."""
    return Q(state=RevisionState.EFFECTIVE, document__type=DocumentType.EXTERNAL, document__valid_to__lte=on)


def training_not_held(on: date) -> Q:
    """Planned for an earlier day, and not held."""
    return Q(held_on=None, planned_on__lt=on)


def training_not_judged(on: date) -> Q:
    """Held, and its effect was to be judged before the day."""
    return Q(held_on__isnull=False, evaluated_on=None, evaluate_on__lt=on)


def calibration_due(on: date) -> Q:
    """An instrument in use without a passed calibration that still holds."""
    good = models.Calibration.objects.filter(instrument=OuterRef("pk"), has_passed=True, valid_until__gte=on)
    return Q(~Exists(good), retired_on=None)


def supplier_not_judged(on: date) -> Q:
    """A supplier without an evaluation of the year."""
    return Q(~Exists(models.SupplierEvaluation.objects.filter(supplier=OuterRef("pk"), year=on.year)))


def folders_due(on: date) -> Q:
    """A series, not held, with a folder whose time is over and which is still there."""
    over = models.RecordFolder.objects.filter(series=OuterRef("pk"), disposed_on=None, dispose_from__lte=on)
    return Q(Exists(over), is_held=False)


def late(on: date) -> Q:
    """A nonconformity past its deadline and not mended."""
    return (Q(extended_to__lt=on) | Q(extended_to=None, due_on__lt=on)) & Q(finished_on=None) & _open(on)


def _open(on: date) -> Q:
    return ~Q(state__in=NC_OVER)


M = models
WATCHED: tuple[Watch, ...] = (
    Watch("tài liệu chờ phê duyệt", M.DocumentRevision, lambda on: Q(state=RevisionState.IN_REVIEW),
          "qms_document_list", "state=in_review"),
    Watch("tài liệu đã duyệt, chờ hiệu lực", M.DocumentRevision, lambda on: Q(state=RevisionState.APPROVED),
          "qms_document_list", "state=approved"),
    Watch("lượt đọc quá hạn", M.ReadAck,
          lambda on: Q(revision__state=RevisionState.EFFECTIVE, acknowledged_on=None, due_on__lt=on),
          "qms_document_list", "", True, "revision__system"),
    Watch("tài liệu đến hạn soát xét", M.DocumentRevision, document_due, "qms_document_list", "soat_xet=1", True),
    Watch("tài liệu bên ngoài hết hiệu lực", M.DocumentRevision, outside_ended, "qms_document_list", "ngoai_het=1",
          True),
    Watch("yêu cầu thay đổi chưa xong", M.ChangeRequest, lambda on: Q(state__in=["draft", "assessed", "approved"]),
          "qms_change_list", "mo=1"),
    Watch("sự không phù hợp đang mở", M.Nonconformity, _open, "qms_nc_list", "mo=1"),
    Watch("sự không phù hợp quá hạn", M.Nonconformity, late, "qms_nc_list", "tre=1", True),
    Watch("đợt đánh giá chưa kết thúc", M.Audit,
          lambda on: ~Q(state__in=[AuditState.CLOSED, AuditState.CANCELLED]), "qms_audit_list"),
    Watch("cuộc xem xét chưa kết thúc", M.ManagementReview, lambda on: ~Q(state=ReviewState.FOLLOWED_UP),
          "qms_review_list"),
    Watch("kết luận xem xét quá hạn", M.ReviewDecision, lambda on: Q(done_on=None, due_on__lt=on), "qms_review_list",
          "", True, "review__system"),
    Watch("phản ánh chưa trả lời", M.Complaint, lambda on: Q(answered_on=None), "qms_complaint_list", "mo=1"),
    Watch("kết quả không phù hợp chưa xử lý xong", M.NonconformingOutput, lambda on: Q(handled_on=None),
          "qms_output_list", "mo=1"),
    Watch("rủi ro đến hạn xem lại", M.Risk, risk_due, "qms_risk_list", "han=1", True),
    Watch("vấn đề bối cảnh đến hạn xem lại", M.ContextIssue, review_due, "qms_context_list", "han=1", True),
    Watch("bên quan tâm đến hạn xem lại", M.InterestedParty, review_due, "qms_party_list", "han=1", True),
    Watch("mục tiêu chưa có số đo", M.Objective, lambda on: Q(year=on.year, measurements=None), "qms_objective_list",
          "chua_do=1"),
    Watch("khóa đào tạo chưa tổ chức đúng kế hoạch", M.Training, training_not_held, "qms_training_list", "chua_hoc=1",
          True),
    Watch("khóa đào tạo chưa đánh giá hiệu quả", M.Training, training_not_judged, "qms_training_list",
          "chua_danh_gia=1", True),
    Watch("phương tiện đo hết hạn kiểm định", M.Instrument, calibration_due, "qms_instrument_list", "het_han=1", True),
    Watch("nhà cung cấp chưa đánh giá trong năm", M.Supplier, supplier_not_judged, "qms_supplier_list",
          "chua_danh_gia=1"),
    Watch("loại hồ sơ có tập hết thời hạn lưu", M.RecordSeries, folders_due, "qms_records_list", "den_han=1"),
)  # fmt: skip
"""In the order in which they are shown. Instruments are watched where the agency has a laboratory."""


def waiting_in(system: models.QualitySystem, *, on: date) -> list[Waiting]:
    """How many of each kind wait in the system on the day. One query."""
    counts = {f"w{index}": _count(watch, on) for index, watch in enumerate(WATCHED)}
    found: dict[str, Any] = dict(models.QualitySystem.objects.filter(pk=system.pk).values(**counts).get())
    return [
        Waiting(watch.text, found[f"w{index}"], watch.url_name, watch.query, watch.is_late)
        for index, watch in enumerate(WATCHED)
        if watch.model is not models.Instrument or system.has_laboratory
    ]


def _count(watch: Watch, on: date) -> Coalesce:
    rows = watch.model._default_manager.filter(watch.condition(on), **{watch.path: OuterRef("pk")}).order_by()
    counted = rows.values(watch.path).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)
