"""The plain registers as data: what each is called, its fields, its columns."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms import choices as words
from khcn.domains.qms import models
from khcn.domains.qms.permissions import duties_on
from khcn.domains.qms.queries import waiting
from khcn.domains.qms.rules.risks import level_of
from khcn.domains.qms.services.registers import REGISTERS
from khcn.domains.qms.views.catalogue import due as due_when
from khcn.domains.qms.views.lists import Col, Listing
from khcn.lib.actor import Actor
from khcn.lib.money import format_number


@dataclass(frozen=True, slots=True)
class RegisterSpec:
    """A register: its list, the fields of its form, in order."""

    listing: Listing
    fields: tuple[str, ...]


def _may(model: Any) -> Any:
    def may_add(actor: Actor, system: models.QualitySystem) -> bool:
        return bool(duties_on(actor, system) & {str(duty) for duty in REGISTERS[model].duties})

    return may_add


def _level(likelihood: int | None, impact: int | None) -> Any:
    if not likelihood or not impact:
        return "–"
    return f"{likelihood * impact} – {_(level_of(likelihood, impact).label)}"


def _calibrated_until(instrument: models.Instrument) -> Any:
    return next((one.valid_until for one in instrument.calibrations.all() if one.has_passed), None)


def _newest(objective: models.Objective) -> str:
    row = next(iter(objective.measurements.all()), None)
    return "–" if row is None or row.value is None else format_number(row.value)


def _judged(supplier: models.Supplier) -> Any:
    last = next(iter(supplier.evaluations.all()), None)
    if last is None:
        return _("Chưa đánh giá")
    known = {"year": str(last.year), "score": last.score}
    if last.is_approved:
        return _("%(year)s: %(score)d điểm, chấp nhận") % known
    return _("%(year)s: %(score)d điểm, không đạt") % known


def _approved() -> Q:
    last = models.SupplierEvaluation.objects.filter(supplier=OuterRef("pk")).order_by("-year")
    return Q(pk__in=models.Supplier.objects.annotate(ok=Subquery(last.values("is_approved")[:1])).filter(ok=True))


def _research(idea: models.ImprovementIdea) -> Any:
    if idea.proposal_reference:
        return f"{idea.proposal_reference}: {_(idea.proposal_outcome)}"
    return _("cần đề xuất") if idea.needs_research else "–"


def text(title: Any, name: str, *, order: str = "", look: str = "text") -> Col:
    """A column that shows a field and sorts by it."""
    return Col(title, attrgetter(name), order or name, look)


def lead(title: Any, name: str, *, order: str = "") -> Col:
    """The column that leads to the line's page."""
    return text(title, name, order=order, look="lead")


def date(title: Any, name: str, *, order: str = "") -> Col:
    """A day."""
    return text(title, name, order=order, look="date")


def due(title: Any, name: str, *, order: str = "") -> Col:
    """A deadline."""
    return text(title, name, order=order, look="due")


def num(title: Any, name: str, *, order: str = "") -> Col:
    """A number."""
    return text(title, name, order=order, look="num")


def year() -> Col:
    """The year, without a thousands separator."""
    return Col(_("Năm"), lambda row: str(row.year), "year", "num")


def plain(title: Any, name: str) -> Col:
    """A field that the list does not sort by."""
    return Col(title, attrgetter(name))


def word(title: Any, name: str) -> Col:
    """The label of an enumeration."""
    return Col(title, lambda row: getattr(row, f"get_{name}_display")(), name)


YES, NO = _("Có"), _("Không")


def yes_no(title: Any, name: str, *, yes: Any = YES, no: Any = NO) -> Col:
    """A truth, a dash where it is not known."""
    return Col(title, lambda row: {None: "–", True: yes, False: no}[getattr(row, name)])


def _spec(
    key: str, model: Any, title: Any, noun: Any, icon: str, clause: str, fields: str, columns: list[Col], search: str,
    *, default: str = "c0", path: str = "system", help: Any = "", **more: Any,
) -> RegisterSpec:  # fmt: skip
    listing = Listing(
        key, title, noun, icon, model, columns, tuple(search.split()), default, page=f"qms_{key}_page",
        new=f"qms_{key}_new",
        new_title=_("Thêm"), path=path, clause=clause, help=help, may_add=_may(model), **more,
    )  # fmt: skip
    return RegisterSpec(listing, tuple(fields.split()))


SPECS: tuple[RegisterSpec, ...] = (
    _spec(
        "context", models.ContextIssue, _("Bối cảnh"), _("vấn đề"), "world", "4.1", "kind text effect owner review_on",
        [word(_("Loại"), "kind"), lead(_("Vấn đề"), "text"),
         plain(_("Ảnh hưởng"), "effect"), due(_("Xem lại"), "review_on")],
        "text effect", choices={"kind": (words.ContextKind, _("Loại"))},
        extra={"han": (_("Đến hạn xem lại"), due_when(waiting.review_due))},
        help=_("Vấn đề bên trong, bên ngoài ảnh hưởng đến hệ thống; xem lại ít nhất mỗi năm."),
    ),
    _spec(
        "party", models.InterestedParty, _("Các bên quan tâm"), _("bên"), "users-group", "4.2",
        "name requirements monitored_by review_on",
        [lead(_("Bên quan tâm"), "name"), plain(_("Yêu cầu"), "requirements"),
         plain(_("Cách theo dõi"), "monitored_by"), due(_("Xem lại"), "review_on")],
        "name requirements", extra={"han": (_("Đến hạn xem lại"), due_when(waiting.review_due))},
    ),
    _spec(
        "exclusion", models.ScopeExclusion, _("Điều khoản không áp dụng"), _("điều khoản"), "square-minus", "4.3",
        "clause justification",
        [lead(_("Điều"), "clause"), plain(_("Lý do"), "justification")],
        "clause justification",
    ),
    _spec(
        "process", models.Process, _("Các quá trình"), _("quá trình"), "sitemap", "4.4",
        "code name kind unit inputs outputs kpi resources documents",
        [text(_("Mã"), "code"), lead(_("Quá trình"), "name"),
         word(_("Nhóm"), "kind"), Col(_("Chủ trì"), lambda r: r.unit or "–"),
         plain(_("Chỉ số"), "kpi")],
        "code name", choices={"kind": (words.ProcessKind, _("Nhóm"))}, related=("unit",),
    ),
    _spec(
        "link", models.ProcessLink, _("Liên kết quá trình"), _("liên kết"), "arrows-right", "4.4", "source target what",
        [text(_("Từ"), "source", order="source__code"), text(_("Đến"), "target", order="target__code"),
         lead(_("Chuyển giao"), "what")],
        "what source__name target__name", path="source__system", related=("source", "target"),
    ),
    _spec(
        "risk", models.Risk, _("Rủi ro và cơ hội"), _("rủi ro, cơ hội"), "alert-triangle", "6.1",
        "kind text process document step_key likelihood impact treatment owner likelihood_after impact_after review_on "
        "closed_on",
        [text(_("Mã"), "code"), lead(_("Mô tả"), "text"),
         word(_("Loại"), "kind"),
         Col(_("Trước xử lý"), lambda r: _level(r.likelihood, r.impact), "likelihood"),
         Col(_("Sau xử lý"), lambda r: _level(r.likelihood_after, r.impact_after)),
         Col(_("Xem lại"), lambda r: None if r.closed_on else r.review_on, "review_on", "due")],
        "code text treatment", choices={"kind": (words.RiskKind, _("Loại"))},
        extra={
            "mo": (_("Còn theo dõi"), Q(closed_on=None)), "han": (_("Đến hạn xem lại"), due_when(waiting.risk_due)),
        },
        help=_("Mức = khả năng × tác động, mỗi thang 5; chấm trước và sau khi xử lý."),
    ),
    _spec(
        "objective", models.Objective, _("Mục tiêu chất lượng"), _("mục tiêu"), "target-arrow", "6.2",
        "code year name source unit_text at_least baseline target frequency action_plan owner",
        [text(_("Mã"), "code"), lead(_("Mục tiêu"), "name"),
         year(), word(_("Nguồn"), "source"),
         Col(_("Cần đạt"), lambda r: f"{format_number(r.target)} {r.unit_text}", "target", "num"),
         Col(_("Gần nhất"), _newest, "", "num")],
        "code name", default="-c2", choices={"source": (words.MeasureSource, _("Nguồn số liệu"))}, year="year",
        fetched=("measurements",), extra={"chua_do": (_("Chưa có số đo"), Q(measurements=None))},
        help=_("Mục tiêu có nguồn tự động được đo từ dữ liệu xử lý hồ sơ sau mỗi kỳ."),
    ),
    _spec(
        "skill", models.Skill, _("Năng lực"), _("năng lực"), "certificate", "7.2", "name clause",
        [lead(_("Năng lực"), "name"), plain(_("Điều"), "clause")], "name",
    ),
    _spec(
        "need", models.SkillRequirement, _("Yêu cầu năng lực theo vị trí"), _("yêu cầu"), "list-check", "7.2",
        "skill position level",
        [lead(_("Vị trí"), "position"), text(_("Năng lực"), "skill", order="skill__name"),
         num(_("Mức cần"), "level")],
        "position skill__name", path="skill__system", related=("skill",),
    ),
    _spec(
        "held", models.HeldSkill, _("Đánh giá năng lực"), _("lần đánh giá"), "user-check", "7.2",
        "person skill level found_on evidence",
        [lead(_("Người"), "person", order="person__sort_key"), plain(_("Năng lực"), "skill"),
         num(_("Mức"), "level"), date(_("Ngày"), "found_on")],
        "person__full_name skill__name", default="-c3", path="skill__system", related=("skill", "person"),
    ),
    _spec(
        "training", models.Training, _("Đào tạo"), _("khóa đào tạo"), "school", "7.2",
        "title skill planned_on held_on trainer evaluate_on evaluated_on is_effective evaluation",
        [lead(_("Nội dung"), "title"), date(_("Dự kiến"), "planned_on"),
         date(_("Đã tổ chức"), "held_on"),
         yes_no(_("Hiệu quả"), "is_effective")],
        "title trainer", default="-c1",
        extra={
            "chua_hoc": (_("Chưa tổ chức đúng kế hoạch"), due_when(waiting.training_not_held)),
            "chua_danh_gia": (_("Chưa đánh giá hiệu quả"), due_when(waiting.training_not_judged)),
        },
        help=_("Kế hoạch → buổi học → kết quả từng người → đánh giá hiệu quả."),
    ),
    _spec(
        "attendance", models.TrainingAttendance, _("Người dự đào tạo"), _("lượt"), "users", "7.2",
        "training person has_passed score",
        [lead(_("Người"), "person", order="person__sort_key"), plain(_("Khóa"), "training"),
         yes_no(_("Kết quả"), "has_passed", yes=_("Đạt"), no=_("Không đạt"))],
        "person__full_name training__title", path="training__system", related=("training", "person"),
    ),
    _spec(
        "certificate", models.Certificate, _("Chứng chỉ"), _("chứng chỉ"), "id-badge-2", "7.2",
        "person kind number issuer issued_on valid_until",
        [lead(_("Người"), "person", order="person__sort_key"), word(_("Loại"), "kind"),
         plain(_("Số"), "number"), due(_("Giá trị đến"), "valid_until")],
        "person__full_name number", choices={"kind": (words.CertificateKind, _("Loại"))}, related=("person",),
        help=_("Chuyên gia đánh giá nội bộ phải có chứng chỉ còn giá trị vào ngày đánh giá."),
    ),
    _spec(
        "communication", models.CommunicationItem, _("Trao đổi thông tin"), _("nội dung"), "message", "7.4",
        "what occasion audience sender channel",
        [lead(_("Nội dung"), "what"), plain(_("Khi nào"), "occasion"),
         plain(_("Với ai"), "audience"), plain(_("Ai"), "sender"), plain(_("Cách"), "channel")],
        "what audience",
    ),
    _spec(
        "knowledge", models.KnowledgeArticle, _("Tri thức của cơ quan"), _("bài"), "book", "7.1.6",
        "title topic document body",
        [lead(_("Tiêu đề"), "title"), text(_("Chủ đề"), "topic"),
         date(_("Ngày viết"), "written_on")],
        "title body topic", default="-c2",
    ),
    _spec(
        "supplier", models.Supplier, _("Nhà cung cấp"), _("nhà cung cấp"), "truck", "8.4",
        "name service criteria contract is_consultant",
        [lead(_("Tên"), "name"), plain(_("Dịch vụ"), "service"), plain(_("Hợp đồng"), "contract"),
         Col(_("Đánh giá gần nhất"), _judged)],
        "name service", fetched=("evaluations",),
        extra={
            "chap_nhan": (_("Danh sách được chấp nhận"), _approved),
            "chua_danh_gia": (_("Chưa đánh giá trong năm"), due_when(waiting.supplier_not_judged)),
        },
        help=_("Đánh giá khi chọn và mỗi năm; danh sách được chấp nhận theo lần đánh giá gần nhất."),
    ),
    _spec(
        "supplieryear", models.SupplierEvaluation, _("Đánh giá nhà cung cấp"), _("lần đánh giá"), "star", "8.4",
        "supplier year score is_approved note",
        [lead(_("Nhà cung cấp"), "supplier", order="supplier__name"), year(),
         num(_("Điểm"), "score"), yes_no(_("Chấp nhận"), "is_approved")],
        "supplier__name note", default="-c1", path="supplier__system", related=("supplier",),
    ),
    _spec(
        "instrument", models.Instrument, _("Phương tiện đo"), _("phương tiện"), "ruler-measure", "7.1.5",
        "code name unit every_months retired_on",
        [text(_("Mã"), "code"), lead(_("Tên"), "name"),
         num(_("Chu kỳ (tháng)"), "every_months"),
         Col(_("Còn giá trị đến"), _calibrated_until, "", "due")],
        "code name", fetched=("calibrations",),
        extra={"het_han": (_("Hết hạn kiểm định"), due_when(waiting.calibration_due))},
    ),
    _spec(
        "calibration", models.Calibration, _("Kiểm định, hiệu chuẩn"), _("lần"), "adjustments", "7.1.5",
        "instrument done_on valid_until certificate has_passed",
        [lead(_("Phương tiện"), "instrument", order="instrument__code"),
         date(_("Ngày"), "done_on"), due(_("Giá trị đến"), "valid_until"),
         plain(_("Giấy"), "certificate")],
        "certificate instrument__name", default="-c1", path="instrument__system", related=("instrument",),
    ),
    _spec(
        "records", models.RecordSeries, _("Bảng quản lý hồ sơ"), _("loại hồ sơ"), "archive", "7.5",
        "code name document keeper medium retention_months disposal basis",
        [text(_("Mã"), "code"), lead(_("Loại hồ sơ"), "name"),
         Col(_("Nơi giữ"), lambda r: r.keeper or "–"), num(_("Lưu (tháng)"), "retention_months"),
         word(_("Sau đó"), "disposal"),
         Col(_("Tạm giữ"), lambda r: r.hold_reason if r.is_held else "")],
        "code name", extra={
            "giu": (_("Đang tạm giữ"), Q(is_held=True)),
            "den_han": (_("Có tập hết thời hạn lưu"), due_when(waiting.folders_due)),
        },
    ),
    _spec(
        "complaint", models.Complaint, _("Phản ánh, kiến nghị"), _("phản ánh"), "message-report", "9.1.2",
        "from_whom content case_code received_on",
        [text(_("Mã"), "code"), Col(_("Nội dung"), lambda r: r.content[:120], "", "lead"),
         plain(_("Người phản ánh"), "from_whom"), date(_("Nhận"), "received_on"),
         Col(_("Hạn"), lambda r: None if r.answered_on else r.due_on, "due_on", "due"),
         date(_("Trả lời"), "answered_on")],
        "code content from_whom", default="-c3", extra={"mo": (_("Chưa trả lời"), Q(answered_on=None))},
    ),
    _spec(
        "output", models.NonconformingOutput, _("Kết quả không phù hợp"), _("kết quả"), "file-x", "8.7",
        "case_code description disposition found_on handled_on nonconformity",
        [lead(_("Hồ sơ"), "case_code"), Col(_("Sai, chậm ở đâu"), lambda r: r.description[:100]),
         word(_("Xử lý"), "disposition"),
         date(_("Phát hiện"), "found_on"), date(_("Xong"), "handled_on")],
        "case_code description", default="-c3", choices={"disposition": (words.Disposition, _("Xử lý"))},
        extra={"mo": (_("Chưa xử lý xong"), Q(handled_on=None))},
    ),
    _spec(
        "idea", models.ImprovementIdea, _("Sáng kiến, cải tiến"), _("đề xuất"), "bulb", "10.3",
        "title problem solution decision needs_research",
        [lead(_("Đề xuất"), "title"), date(_("Ngày nêu"), "raised_on"),
         Col(_("Kết luận"), lambda r: r.decision or "–"),
         Col(_("Nhiệm vụ KH&CN"), _research)],
        "title problem solution", default="-c1",
        extra={"kh": (_("Cần nghiên cứu"), Q(needs_research=True))},
        help=_("Sáng kiến cần nghiên cứu được chuyển thành phiếu đề xuất nhiệm vụ; mã và tiến triển hiện ở đây."),
    ),
)  # fmt: skip
BY_KEY: dict[str, RegisterSpec] = {spec.listing.key: spec for spec in SPECS}
BY_MODEL: dict[str, RegisterSpec] = {spec.listing.model._meta.model_name or "": spec for spec in SPECS}
