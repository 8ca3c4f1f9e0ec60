"""Keeps the borders of plots and the papers about them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from shapely.geometry.base import BaseGeometry

from khcn.domains.traceability.choices import GROWING, PlotPaperKind, ShapeSource, SiteKind
from khcn.domains.traceability.models import Party, PlotPaper, PlotShape, Site
from khcn.domains.traceability.permissions import require_keeper
from khcn.domains.traceability.queries.parameters import parameters_on
from khcn.domains.traceability.queries.plots import neighbours_of, province_around
from khcn.domains.traceability.rules.plots import Finding, area_ha, checked_border, findings_of
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import store_file
from khcn.kernel.places.queries import AreasOfFile
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.pades.verification import PdfRefused, verify
from khcn.web.uploads import IMAGE_KINDS, PDF, check_upload

_PAPERS = (PDF, *IMAGE_KINDS)


@transaction.atomic
def measure_plot(
    *, by: Actor, uid: UUID, site: Site, geometry: BaseGeometry | None, measured_on: date, source: ShapeSource,
    now: datetime, accuracy_m: float | None = None,
) -> tuple[PlotShape, bool]:  # fmt: skip
    """The border of a plot from a day on, and whether it is new; the same uid gives what is there.

    Raises Forbidden, and Refused for a border that cannot be, a day to come, or one before the border in force.
    """
    require_keeper(by, site.party)
    known = PlotShape.objects.filter(uid=uid).first()
    if known is not None:
        return known, False
    if SiteKind(site.kind) not in GROWING:
        raise Refused("Chỉ lô đất trồng và chuồng trại có ranh giới.", field="site")
    if measured_on > now.date():
        raise Refused("Ngày đo không được ở tương lai.", field="measured_on")
    shape = checked_border(geometry)
    current = PlotShape.objects.select_for_update().filter(site=site, valid_to=None).first()
    if current is not None:
        if current.valid_from is not None and measured_on < current.valid_from:
            raise Refused("Ngày đo trước ngày đo của ranh giới đang dùng.", field="measured_on")
        current.valid_to = measured_on
        current.save()
    made = PlotShape.objects.create(
        uid=uid, site=site, geometry=shape, area_ha=area_ha(shape), source=source, accuracy_m=accuracy_m,
        valid_from=measured_on, recorded_at=now, measured_by_id=by.user_id,
        findings=[asdict(one) for one in _findings(site, shape, accuracy_m, measured_on)],
    )  # fmt: skip
    record(
        by=by, verb="trace.plot_border", subject=made,
        after={"party": site.party.code, "site": site.code, "area_ha": str(made.area_ha), "source": str(source)},
    )  # fmt: skip
    return made, True


def _findings(site: Site, shape: BaseGeometry, accuracy_m: float | None, on: date) -> list[Finding]:
    commune = site.commune
    return findings_of(
        shape, declared_ha=site.area_ha, accuracy_m=accuracy_m, neighbours=neighbours_of(site, shape),
        commune=(commune.name, commune.geometry) if commune is not None and commune.geometry is not None else None,
        limits=parameters_on(on), province=province_around(shape, on),
    )  # fmt: skip


def doubts_about(*, site: Site, geometry: BaseGeometry | None, on: date) -> list[str]:
    """What is worth a second look before a border is written; nothing is written. Raises Refused where it cannot be."""
    return [one.text for one in _findings(site, checked_border(geometry), None, on)]


@dataclass(frozen=True, slots=True)
class PlannedBorder:
    """What an import would do with one area of a file: the plot it is for, or why it is for none."""

    code: str
    site: Site | None
    shape: BaseGeometry | None
    area_ha: str
    problem: str
    findings: tuple[str, ...]


def plan_import(*, party: Party, areas: AreasOfFile, on: date) -> list[PlannedBorder]:
    """What importing a file would do; nothing is written."""
    sites = {site.code.upper(): site for site in party.sites.select_related("party", "commune")}
    planned, seen = [], set()
    for code, shape in zip(areas.codes, areas.shapes, strict=True):
        site = sites.get(code.upper())
        problem, area, told = "", "", []
        try:
            checked = checked_border(shape)
        except Refused as refused:
            problem = refused.message
        else:
            area = str(area_ha(checked))
            told = [one.text for one in _findings(site, checked, None, on)] if site else []
        if site is None:
            problem = "Cơ sở không có lô đất mang số này; thêm lô đất trước."
        elif site.pk in seen:
            problem = "Số lô đất này đã có ở dòng trên."
        elif SiteKind(site.kind) not in GROWING:
            problem = "Chỉ lô đất trồng và chuồng trại có ranh giới."
        seen.add(site.pk if site else None)
        planned.append(PlannedBorder(code, site, shape, area, problem, tuple(told)))
    return planned


@transaction.atomic
def import_borders(
    *, by: Actor, party: Party, areas: AreasOfFile, measured_on: date, uids: dict[str, UUID], now: datetime
) -> int:
    """Take in all borders of a file that has no problems; how many are new. Raises Forbidden and Refused."""
    require_keeper(by, party)
    planned = plan_import(party=party, areas=areas, on=measured_on)
    wrong = [one for one in planned if one.problem]
    if wrong or not planned:
        raise Refused("Tệp còn dòng chưa dùng được nên chưa ghi dòng nào.", field="file")
    made = 0
    for one in planned:
        if one.site is None:
            continue
        _shape, is_new = measure_plot(
            by=by, uid=uids[one.code], site=one.site, geometry=one.shape, measured_on=measured_on,
            source=ShapeSource.FILE, now=now,
        )  # fmt: skip
        made += is_new
    return made


@transaction.atomic
def add_plot_paper(
    *, by: Actor, site: Site, kind: PlotPaperKind, title: str, issuer: str, issued_on: date, content: bytes,
    filename: str, now: datetime, number: str = "", shows_from: date | None = None, shows_to: date | None = None,
) -> PlotPaper:  # fmt: skip
    """A paper about a plot as it was received: digest, day, who put it here, and whose signatures it carries.

    Raises Forbidden, and Refused for a period that ends before it begins or a file that may not be kept.
    """
    require_keeper(by, site.party)
    if shows_from and shows_to and shows_to < shows_from:
        raise Refused("Ngày cuối trước ngày đầu.", field="shows_to")
    if kind == PlotPaperKind.DEFORESTATION and (shows_from is None or shows_to is None):
        raise Refused("Bằng chứng không phá rừng phải nêu khoảng thời gian mà nó cho thấy.", field="shows_from")
    checked = check_upload(content, filename, allowed=_PAPERS)
    signers = _signers(content, now) if checked.kind is PDF else []
    file = store_file(by=by, content=content, media_type=checked.kind.media_type)
    paper = PlotPaper.objects.create(
        site=site, kind=kind, title=title, number=number, issuer=issuer, issued_on=issued_on, shows_from=shows_from,
        shows_to=shows_to, file=file, signers=signers, added_by_id=by.user_id, added_at=now,
    )  # fmt: skip
    record(
        by=by, verb="trace.plot_paper", subject=paper,
        after={"site": site.code, "title": title, "sha256": checked.sha256, "signers": signers},
    )  # fmt: skip
    return paper


def _signers(content: bytes, now: datetime) -> list[str]:
    """Names in the unbroken signatures of a PDF; a file that cannot be read as signed has none."""
    try:
        return [one.signer for one in verify(content, roots=(), moment=now) if one.intact and one.valid]
    except PdfRefused:
        return []
