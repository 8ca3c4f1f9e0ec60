"""A department with a one-stop counter, a published procedure on a real workflow, and the dated law."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from khcn.domains.onestop.choices import Channel, OnlineLevel
from khcn.domains.onestop.services import catalogue, intake
from khcn.domains.onestop.services.catalogue import Component
from khcn.domains.onestop.services.intake import Applicant, SentFile
from khcn.domains.onestop.services.reference import load_onestop
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.documents.services import set_identifier
from khcn.kernel.procedures.choices import NormUnit, ProcedureKind, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.services import install_procedure
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.lib.roles import Role

REFERENCE = Path(__file__).parents[5] / "data" / "reference" / "onestop"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at(day: int, hour: int = 9, minute: int = 0, month: int = 5, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


def workflow() -> Definition:
    """Assign → examine → look over → sign."""
    specialist, head, director = str(Role.SPECIALIST), str(Role.HEAD), str(Role.DIRECTOR)
    hours = {"norm": Decimal(8), "norm_unit": NormUnit.WORKING_HOUR}
    return Definition(
        steps=(
            Step("bat_dau", "Bắt đầu", StepKind.START),
            Step("phan_cong", "Phân công xử lý", StepKind.HUMAN, head, **hours),
            Step("tham_dinh", "Thẩm định hồ sơ", StepKind.HUMAN, specialist, returns_to=("phan_cong",), **hours),
            Step("ky_duyet", "Ký duyệt kết quả", StepKind.HUMAN, director, returns_to=("tham_dinh",), **hours),
            Step("ket_thuc", "Kết thúc", StepKind.END),
        ),
        flows=(
            Flow("f1", "bat_dau", "phan_cong"), Flow("f2", "phan_cong", "tham_dinh"),
            Flow("f3", "tham_dinh", "ky_duyet"), Flow("f4", "ky_duyet", "ket_thuc"),
        ),
    )  # fmt: skip


@pytest.fixture
def counter(cast):
    """The whole office; `counter.submit()` and `counter.received()` make dossiers on 15 May 2023, a Monday."""
    body = cast.organisation("Sở Khoa học và Công nghệ", code="SKHCN", address="TP. Đồng Xoài, tỉnh Bình Phước")
    other = cast.organisation("Sở Tài chính", code="STC")
    system = Actor(uid=body.uid, name="Hệ thống", on=date(2023, 5, 15), is_system=True)
    load_onestop(by=system, folder=REFERENCE)
    set_identifier(by=system, organisation=body, code="H10.16")
    director_person = cast.person("Nguyễn Thị Ánh Nguyệt")
    office = SimpleNamespace(
        body=body, other=other, system=system, director_person=director_person,
        clerk=cast.actor(Role.ONE_STOP, organisation=body), specialist=cast.actor(Role.SPECIALIST, organisation=body),
        head=cast.actor(Role.HEAD, organisation=body),
        director=cast.actor(Role.DIRECTOR, organisation=body, person=director_person),
        registrar=cast.actor(Role.CLERK, organisation=body), stranger=cast.actor(Role.ONE_STOP, organisation=other),
        nobody=Actor(uid=body.uid, name="Người nộp", on=date(2023, 5, 15)),
    )  # fmt: skip
    run_on = install_procedure(
        by=office.specialist, approver=office.director, code="QT-01", title="Xử lý hồ sơ", definition=workflow(),
        kind=ProcedureKind.TTHC, owner=body, effective_from=date(2020, 1, 1),
    )  # fmt: skip
    instrument = LegalInstrument.objects.create(number="08/2014/NĐ-CP-thử", title="Nghị định thử nghiệm")
    office.procedure = catalogue.publish_procedure(
        by=office.specialist, code="1.010708", deciding=body, valid_from=date(2020, 1, 1),
        title="Cấp giấy chứng nhận đăng ký hoạt động", field="Hoạt động khoa học và công nghệ", limit_amount=5,
        limit_unit=NormUnit.WORKING_DAY, fee_vnd=300_000, result_title="Giấy chứng nhận",
        online_level=OnlineLevel.FULL, workflow=run_on.procedure, publication_decision="QĐ 01/QĐ-UBND",
        components=(Component("Đơn đăng ký"), Component("Điều lệ", is_required=False)),
        bases=((instrument, "Điều 5"),),
        form_fields=[{"key": "linh_vuc", "label": "Lĩnh vực", "required": True, "options": ["Y tế", "Nông nghiệp"]}],
    )  # fmt: skip
    application = office.procedure.components.get(name="Đơn đăng ký")

    def submit(**more):
        values = {
            "by": office.nobody, "procedure": office.procedure, "channel": Channel.ONLINE,
            "applicant": Applicant("Điểu Sơn", phone="0901234567"), "form_values": {"linh_vuc": "Y tế"},
            "files": [SentFile("don.pdf", PDF, application.pk)], "now": at(15, 8),
        }  # fmt: skip
        return intake.submit(**(values | more))

    def received(**more):
        return intake.accept(by=office.clerk, dossier=submit(**more), now=more.get("now", at(15, 9)))

    office.submit, office.received, office.application = submit, received, application
    return office
