"""The marks part of the demonstration: the cashew indication with its known numbers, a member, stamps, a file.

Numbers of decisions and limits of the specification come from what was read about the indication, unverified; the area,
the member, its lots, stamps and the software are invented and marked so.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from dulwich.bundle import create_bundle_from_repo, write_bundle
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import MemoryRepo
from PIL import Image

from khcn.domains.marks.choices import (
    CheckKind,
    FaultGrade,
    FeeCause,
    IncidentKind,
    Outcome,
    RightKind,
    RightState,
    Tier,
    UseAct,
)
from khcn.domains.marks.models import Right, UseRight
from khcn.domains.marks.queries.verdicts import verdict_of
from khcn.domains.marks.rules.lines import ParameterLine, ProductLine
from khcn.domains.marks.services import (
    areas,
    control,
    fees,
    incidents,
    rights,
    software,
    specifications,
    stamps,
    uses,
    year_reports,
)
from khcn.domains.traceability.models import Lot, Party, Site
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor

SINCE = date(2018, 8, 29)
RAW, KERNEL, SALTED = "Hạt điều thô", "Nhân điều", "Nhân điều rang muối"


def tell_marks(*, today: date, bodies: Mapping[str, Organisation], office: Actor) -> int:
    """Tell the right, its member, control, stamps and a file of software; returns how many stamps were issued."""
    right = rights.register_right(
        by=office, kind=RightKind.GEOGRAPHICAL_INDICATION, name="Hạt điều Bình Phước", code="dieu-binh-phuoc",
        manager=bodies["BP-SKHCN"], owner_name="Nhà nước", state=RightState.REGISTERED, registered_on=date(2018, 3, 13),
        goods="Hạt điều thô, nhân điều trắng, nhân điều rang muối", decision="QĐ 2065/QĐ-UBND (quy chế quản lý)",
        note="Số liệu đọc qua báo chí, chưa đối chiếu. Khu vực trong dữ liệu minh họa chỉ gồm vài xã.",
        is_illustration=True,
    )  # fmt: skip
    rights.set_goods(
        by=office,
        right=right,
        classes=(),
        products=(ProductLine(RAW, Decimal(2500), Decimal(1)), ProductLine(KERNEL), ProductLine(SALTED)),
    )
    draft = specifications.draft_specification(
        by=office, right=right, title="Bản mô tả hạt điều Bình Phước", least_share=Decimal(1),
        parameters=(
            ParameterLine("Độ dày hạt", "mm", Decimal("14.5"), Decimal(18), product=RAW),
            ParameterLine("Tỷ lệ nhân thu hồi", "%", Decimal(30), None, product=RAW),
            ParameterLine("Số hạt", "hạt/kg", None, Decimal(200), product=RAW),
            ParameterLine("Khối lượng hạt", "g", Decimal(5), Decimal(6), product=RAW),
            ParameterLine("Mùi vị", wording="đặc trưng, không mùi lạ", product=SALTED),
        ),
    )  # fmt: skip
    specifications.issue_specification(by=office, specification=draft, valid_from=SINCE, decision="QĐ 2065/QĐ-UBND")
    member = Party.objects.get(code="MH1")
    plots = list(Site.objects.filter(party__head=member).select_related("commune").order_by("pk"))
    communes = {one.commune_id: one.commune for one in plots if one.commune is not None}
    _bound(office, right, list(communes.values()), today)
    rights.open_right(by=office, right=right, is_public=True)
    use = _admit(office, right, member, plots, today, bodies["HTX-DIEU"])
    _control(office, use, today)
    _apply(office, right, communes, today)
    _report(office, right, bodies, today)
    return _stamp(office, use, today) + _file(office, bodies, today)


def _bound(office: Actor, right: Right, communes: list[AdministrativeUnit], today: date) -> None:
    area = areas.draft_area(by=office, right=right, units=communes, units_on=today, note="Khu vực minh họa")
    areas.issue_area(by=office, area=area, valid_from=SINCE, decision="Minh họa")


def _admit(office: Actor, right: Right, member: Party, plots: list[Site], today: date, body: Organisation) -> UseRight:
    day = today - timedelta(days=300)
    use = uses.apply_for_use(
        by=office, right=right, holder=member.name, organisation=body, party_uri=member.uri,
        address=member.address, products=list(right.products.all()), applied_on=day, is_illustration=True,
    )  # fmt: skip
    for number, plot in enumerate(plots, start=1):
        uses.add_plot(
            by=office, use=use, name=f"{plot.name} ({number})", commune=plot.commune, area_ha=plot.area_ha,
            site_uri=plot.uri, on=day,
        )  # fmt: skip
    values = {"Độ dày hạt": "16.2", "Tỷ lệ nhân thu hồi": "31.5", "Số hạt": "182", "Khối lượng hạt": "5.5"}
    for parameter in use.right.specifications.get().parameters.all():
        uses.enter_result(
            by=office, use=use, parameter=parameter, sampled_on=day, laboratory="Trung tâm Kỹ thuật (minh họa)",
            value=Decimal(values[parameter.name]) if parameter.name in values else None,
            meets=None if parameter.name in values else True, report_number="KN-MH-GI",
        )  # fmt: skip
    for kind in CheckKind:
        uses.note_check(by=office, use=use, kind=kind, passed=True, on=day)
    return uses.decide(by=office, use=use, act=UseAct.GRANT, on=day, decision="Minh họa 01/QĐ")


def _control(office: Actor, use: UseRight, today: date) -> None:
    for tier in (Tier.SELF, Tier.INTERNAL):
        control.plan_controls(by=office, right=use.right, tier=tier, start=today + timedelta(days=7))
    control.note_fault(
        by=office, use=use, grade=FaultGrade.MINOR, text="Sổ nhập kho ghi chậm hai ngày (minh họa)",
        found_on=today - timedelta(days=5),
    )  # fmt: skip


def _apply(office: Actor, right: Right, communes: Mapping[int | None, AdministrativeUnit], today: date) -> None:
    """Ask a fee from this year on, and show an application that waits for it."""
    fees.set_rate(
        by=office, right=right, cause=FeeCause.GRANT, amount_vnd=500_000, valid_from=date(today.year, 1, 1),
        basis="Quy chế quản lý (minh họa)",
    )  # fmt: skip
    day = today - timedelta(days=12)
    if day.year < today.year:
        day = date(today.year, 1, 1)
    use = uses.apply_for_use(
        by=office, right=right, holder="Tổ hợp tác điều Đồng Tâm (minh họa)", address="Minh họa",
        products=[right.products.get(name=RAW)], applied_on=day, is_illustration=True,
    )  # fmt: skip
    commune = next(iter(communes.values()), None)
    if commune is not None:
        uses.add_plot(by=office, use=use, name="Lô 1 (minh họa)", commune=commune, area_ha=Decimal("1.2"), on=day)
    fees.demand_fee(by=office, use=use, cause=FeeCause.GRANT, on=day)


def _report(office: Actor, right: Right, bodies: Mapping[str, Organisation], today: date) -> None:
    """An infringement handed to the inspector, what a buyer says, and the report of the year."""
    now = datetime.combine(today - timedelta(days=6), time(9), tzinfo=UTC)
    seen = incidents.receive_incident(
        by=office, right=right, kind=IncidentKind.INFRINGEMENT, now=now, is_illustration=True,
        text="Hộp hạt điều in tên chỉ dẫn địa lý nhưng không có tem (minh họa)", place="Chợ Đồng Xoài",
        suspect="Cửa hàng tưởng tượng",
    )  # fmt: skip
    incidents.add_evidence(
        by=office, incident=seen, content=_picture(), filename="bao-bi.png", title="Ảnh bao bì (minh họa)"
    )
    incidents.check_incident(by=office, incident=seen, on=today - timedelta(days=4), note="Đã mua mẫu (minh họa)")
    incidents.hand_over(
        by=office, incident=seen, to=bodies["DN-SKHCN"], on=today - timedelta(days=3), note="Có dấu hiệu vi phạm"
    )
    incidents.receive_incident(
        by=office, right=right, kind=IncidentKind.CONSUMER, now=now + timedelta(days=3), is_illustration=True,
        text="Tem bị rách, quét không ra (minh họa)", place="Siêu thị tưởng tượng",
    )  # fmt: skip
    report = year_reports.freeze_year(by=office, right=right, year=today.year, as_of=today)
    year_reports.write_year(
        by=office, report=report,
        words={"assessment": "Thành viên giữ đúng quy chế; một vụ việc đã chuyển thanh tra (minh họa)."},
    )  # fmt: skip


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 200), "#c9b27c").save(buffer, "PNG")
    return buffer.getvalue()


def _stamp(office: Actor, use: UseRight, today: date) -> int:
    design = stamps.add_design(by=office, right=use.right, name="Tem hộp 500 g", prefix="DBP", kg=Decimal("0.5"))
    order = stamps.order_stamps(by=office, design=design, printer="Nhà in (minh họa)", count=5_000, on=today)
    stamps.receive_stamps(by=office, order=order, on=today)
    lot = Lot.objects.filter(product__party__code="MH1", withdrawn=False).order_by("-made_on", "-pk").first()
    found = verdict_of(lot.uri, use.right, today) if lot else None
    if lot is None or found is None or found.verdict.outcome is not Outcome.CERTAIN:
        return 0
    product = use.right.products.get(name=SALTED)
    certified = stamps.certify_lot(by=office, use=use, product=product, lot_uri=lot.uri, on=today)
    issue = stamps.issue_stamps(by=office, lot=certified, order=order, count=100, on=today)
    stamps.void_stamps(by=office, issue=issue, first=99, last=100, reason="In hỏng (minh họa)", on=today)
    return issue.count


def _file(office: Actor, bodies: Mapping[str, Organisation], today: date) -> int:
    found = software.open_file(
        by=office, name="Sổ điều điện tử (minh họa)", owner_name=bodies["DN-SOFT"].name, owner=bodies["DN-SOFT"],
        authors="Nhóm phát triển (minh họa)", edition="1.0", finished_on=today - timedelta(days=60),
        is_illustration=True,
    )  # fmt: skip
    software.take_source(by=office, software=found, content=_repository(today))
    return 0


def _repository(today: date) -> bytes:
    """The program's repository as a git bundle: three invented authors over half a year."""
    repository = MemoryRepo()
    store = repository.object_store
    parents: list[ObjectID] = []
    for turn in range(1, 25):
        files = {
            "app.py": "\n".join(f"buoc_{number} = {number}" for number in range(1, 17 * turn)),
            "settings.py": 'mat_khau = "minh-hoa-123456"\n',
        }
        folder, top = Tree(), Tree()
        for name, text in files.items():
            blob = Blob.from_string(text.encode())
            store.add_object(blob)
            folder.add(name.encode(), 0o100644, blob.id)
        top.add(b"so_dieu", 0o040000, folder.id)
        at = datetime.combine(today - timedelta(days=240 - 7 * turn), time(9), tzinfo=UTC)
        commit = Commit()
        commit.tree, commit.parents, commit.message = top.id, parents, f"Bước {turn}\n".encode()
        author = ("Tác giả 1 (minh họa)", "Tác giả 2 (minh họa)", "Tác giả 3 (minh họa)")[turn % 5 % 3]
        commit.author = commit.committer = f"{author} <minh-hoa@example.vn>".encode()
        commit.author_time = commit.commit_time = int(at.timestamp())
        commit.author_timezone = commit.commit_timezone = 7 * 3600
        for made in (folder, top, commit):
            store.add_object(made)
        parents = [commit.id]
    repository.refs[Ref(b"refs/heads/main")] = parents[0]
    sent = io.BytesIO()
    with create_bundle_from_repo(repository) as bundle:
        write_bundle(sent, bundle)
    return sent.getvalue()
