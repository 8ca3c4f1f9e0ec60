"""Context, parties, processes, risks, objectives and what the agency knows and tells."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.qms.choices import ContextKind, Frequency, MeasureSource, ProcessKind, RiskKind
from khcn.domains.qms.models.documents import ControlledDocument
from khcn.domains.qms.models.people import Membership
from khcn.domains.qms.models.system import Owned, Unit
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified


class ContextIssue(Owned):
    """An internal or external issue that bears on the system (4.1)."""

    kind = EnumField("loại", enum=ContextKind)
    text = models.CharField("vấn đề", max_length=500)
    effect = models.CharField("ảnh hưởng", max_length=500, blank=True)
    owner = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người theo dõi"
    )
    review_on = models.DateField("xem lại trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "vấn đề bối cảnh"
        verbose_name_plural = "bối cảnh"
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return self.text


class InterestedParty(Owned):
    """Somebody whose needs bear on the system, with their requirements and how these are followed (4.2)."""

    name = models.CharField("bên quan tâm", max_length=200)
    requirements = models.TextField("yêu cầu")
    monitored_by = models.CharField("cách theo dõi", max_length=300)
    review_on = models.DateField("xem lại trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "bên quan tâm"
        verbose_name_plural = "bên quan tâm"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Process(Owned):
    """A process of the agency, drawn on the map (4.4)."""

    code = models.CharField("mã", max_length=20)
    name = models.CharField("quá trình", max_length=200)
    kind = EnumField("nhóm", enum=ProcessKind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chủ trì")
    inputs = models.CharField("đầu vào", max_length=300, blank=True)
    outputs = models.CharField("đầu ra", max_length=300, blank=True)
    kpi = models.CharField("chỉ số theo dõi", max_length=200, blank=True)
    resources = models.CharField("nguồn lực", max_length=300, blank=True)
    documents = models.ManyToManyField(
        ControlledDocument, blank=True, related_name="processes", verbose_name="tài liệu"
    )

    class Meta:
        verbose_name = "quá trình"
        verbose_name_plural = "quá trình"
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="process_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProcessLink(Identified):
    """What one process hands to another."""

    source = models.ForeignKey(Process, models.CASCADE, related_name="downstream", verbose_name="từ")
    target = models.ForeignKey(Process, models.CASCADE, related_name="upstream", verbose_name="đến")
    what = models.CharField("chuyển giao", max_length=200)

    class Meta:
        verbose_name = "liên kết quá trình"
        verbose_name_plural = "liên kết quá trình"
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="process_link_once"),
            models.CheckConstraint(name="process_link_not_itself", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Risk(Owned):
    """A risk or opportunity on a 5×5 scale, before and after treatment (6.1)."""

    code = models.CharField("mã", max_length=40)
    kind = EnumField("loại", enum=RiskKind, default=RiskKind.RISK)
    text = models.CharField("mô tả", max_length=500)
    process = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name="quá trình"
    )
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name="quy trình"
    )
    step_key = models.CharField("bước", max_length=80, blank=True)
    likelihood = models.PositiveSmallIntegerField("khả năng xảy ra")
    impact = models.PositiveSmallIntegerField("mức tác động")
    treatment = models.TextField("biện pháp", blank=True)
    owner = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người phụ trách"
    )
    likelihood_after = models.PositiveSmallIntegerField("khả năng sau xử lý", null=True, blank=True)
    impact_after = models.PositiveSmallIntegerField("tác động sau xử lý", null=True, blank=True)
    review_on = models.DateField("xem lại trước ngày", null=True, blank=True)
    closed_on = models.DateField("không còn từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = "rủi ro, cơ hội"
        verbose_name_plural = "rủi ro, cơ hội"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="risk_once"),
            models.CheckConstraint(
                name="risk_scale",
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
            ),
            models.CheckConstraint(
                name="risk_after_is_paired",
                condition=Q(likelihood_after=None, impact_after=None)
                | Q(likelihood_after__gte=1, likelihood_after__lte=5, impact_after__gte=1, impact_after__lte=5),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Objective(Owned):
    """A quality objective of a year: what is measured, from where to where, how often, by whom (6.2)."""

    code = models.CharField("mã", max_length=40)
    year = models.PositiveSmallIntegerField("năm")
    name = models.CharField("mục tiêu", max_length=300)
    unit_text = models.CharField("đơn vị tính", max_length=40, default="%")
    source = EnumField("nguồn số liệu", enum=MeasureSource, default=MeasureSource.MANUAL)
    at_least = models.BooleanField("càng cao càng tốt", default=True)
    baseline = models.DecimalField("mức nền", max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("mức cần đạt", max_digits=12, decimal_places=2)
    frequency = EnumField("đo", enum=Frequency, default=Frequency.QUARTER)
    action_plan = models.TextField("kế hoạch thực hiện", blank=True)
    owner = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người phụ trách"
    )

    class Meta:
        verbose_name = "mục tiêu chất lượng"
        verbose_name_plural = "mục tiêu chất lượng"
        ordering = ["-year", "code"]
        constraints = [models.UniqueConstraint(fields=["system", "year", "code"], name="objective_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ObjectiveMeasurement(Identified):
    """The value of an objective in one period; value NULL: nothing to count. The newest row of a period counts."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="measurements", verbose_name="mục tiêu")
    period_from = models.DateField("từ")
    period_to = models.DateField("đến")
    value = models.DecimalField("giá trị", max_digits=12, decimal_places=2, null=True, blank=True)
    is_computed = models.BooleanField("tính tự động", default=False)
    counted = models.PositiveIntegerField("tử số", null=True, blank=True)
    out_of = models.PositiveIntegerField("mẫu số", null=True, blank=True)
    evidence = models.CharField("minh chứng", max_length=300, blank=True)
    measured_on = models.DateField("đo ngày")
    measured_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đo")

    class Meta:
        verbose_name = "kết quả đo"
        verbose_name_plural = "kết quả đo"
        ordering = ["-period_to", "-id"]
        constraints = [
            models.CheckConstraint(name="measurement_period", condition=Q(period_from__lte=F("period_to"))),
            models.CheckConstraint(
                name="measurement_manual_has_evidence", condition=Q(is_computed=True) | ~Q(evidence="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective.code}: {self.value}"


class CommunicationItem(Owned):
    """A line of the communication plan: what, when, to whom, by whom, how (7.4)."""

    what = models.CharField("nội dung", max_length=300)
    occasion = models.CharField("khi nào", max_length=200)
    audience = models.CharField("với ai", max_length=200)
    sender = models.CharField("ai thông tin", max_length=200)
    channel = models.CharField("cách thức", max_length=200)

    class Meta:
        verbose_name = "trao đổi thông tin"
        verbose_name_plural = "kế hoạch trao đổi thông tin"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.what


class KnowledgeArticle(Owned):
    """What the agency has learnt and wants to keep (7.1.6)."""

    title = models.CharField("tiêu đề", max_length=300)
    body = models.TextField("nội dung")
    topic = models.CharField("chủ đề", max_length=120, blank=True)
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quy trình liên quan"
    )
    written_on = models.DateField("ngày viết")
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người viết")

    class Meta:
        verbose_name = "tri thức"
        verbose_name_plural = "tri thức"
        ordering = ["-written_on", "-id"]

    def __str__(self) -> str:
        return self.title


class ImprovementIdea(Owned):
    """An idea to improve; one that needs research goes on as a proposed S&T task (10.3).

    proposal_*: the proposal, later the task, that carries it: code, page, where it stands; told by the programme.
    """

    title = models.CharField("sáng kiến, đề xuất cải tiến", max_length=300)
    problem = models.TextField("vấn đề đang gặp")
    solution = models.TextField("giải pháp đề nghị")
    raised_on = models.DateField("ngày nêu")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người nêu")
    decision = models.CharField("kết luận", max_length=300, blank=True)
    needs_research = models.BooleanField("cần nghiên cứu, đề xuất thành nhiệm vụ", default=False)
    proposed_on = models.DateField("đề xuất ngày", null=True, blank=True)
    proposal_reference = models.CharField("mã phiếu đề xuất, nhiệm vụ", max_length=60, blank=True)
    proposal_url = models.CharField(max_length=300, blank=True)
    proposal_outcome = models.CharField("tiến triển của đề xuất", max_length=120, blank=True)

    class Meta:
        verbose_name = "sáng kiến cải tiến"
        verbose_name_plural = "sáng kiến cải tiến"
        ordering = ["-raised_on", "-id"]

    def __str__(self) -> str:
        return self.title
