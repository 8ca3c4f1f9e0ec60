"""The catalogue: dated versions, refusals, import all or nothing, legal bases out of force."""

from datetime import date

import pytest

from khcn.domains.onestop.forms.catalogue import ImportForm, ProcedureForm
from khcn.domains.onestop.models import AdministrativeProcedure
from khcn.domains.onestop.queries.dossiers import find_procedures, flawed_bases
from khcn.domains.onestop.services import catalogue
from khcn.domains.onestop.services.catalogue import Component, read_components
from khcn.domains.onestop.tests.conftest import at
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import VersionState
from khcn.kernel.procedures.models import Procedure, ProcedureVersion
from khcn.lib.failure import Forbidden, Refused

NEW = {"title": "Thủ tục mới", "field": "Sở hữu trí tuệ", "result_title": "Quyết định", "limit_amount": 7}


def test_new_version_ends_the_old_one_and_running_dossiers_keep_theirs(counter) -> None:
    dossier = counter.received()

    new = catalogue.publish_procedure(
        by=counter.specialist, code="1.010708", deciding=counter.body, valid_from=date(2023, 6, 1), **NEW
    )

    counter.procedure.refresh_from_db()
    dossier.refresh_from_db()
    assert counter.procedure.valid_to == date(2023, 6, 1)
    assert dossier.procedure == counter.procedure
    assert find_procedures("thu tuc moi", today=at(15, month=7)).get() == new
    assert find_procedures("dang ky hoat dong", today=at(15)).get() == counter.procedure
    with pytest.raises(Refused, match="phải sau"):
        catalogue.publish_procedure(
            by=counter.specialist, code="1.010708", deciding=counter.body, valid_from=date(2023, 6, 1), **NEW
        )


@pytest.mark.parametrize(
    ("change", "field"), [({"code": "abc"}, "code"), ({"title": " "}, "title"), ({"result_title": ""}, "result_title")]
)
def test_procedure_that_says_too_little_is_refused(counter, change, field) -> None:
    values = {"code": "1.010709", **NEW, **change}

    with pytest.raises(Refused) as refused:
        catalogue.publish_procedure(by=counter.specialist, deciding=counter.body, valid_from=date(2023, 1, 1), **values)

    assert refused.value.field == field


def test_local_copy_and_national_code_stand_side_by_side(counter) -> None:
    catalogue.publish_procedure(
        by=counter.specialist, code="1.010708.H10", deciding=counter.body, valid_from=date(2023, 1, 1), **NEW
    )

    assert AdministrativeProcedure.objects.filter(valid_to=None).count() == 2


def test_stranger_may_not_publish_or_end(counter) -> None:
    with pytest.raises(Forbidden):
        catalogue.publish_procedure(
            by=counter.stranger, code="1.010709", deciding=counter.body, valid_from=date(2023, 1, 1), **NEW
        )
    with pytest.raises(Forbidden):
        catalogue.end_procedure(by=counter.stranger, procedure=counter.procedure, on=date(2023, 6, 1), reason="x")


def test_ended_procedure_takes_no_dossier_but_old_ones_go_on(counter) -> None:
    dossier = counter.submit()
    catalogue.end_procedure(by=counter.specialist, procedure=counter.procedure, on=date(2023, 5, 16), reason="QĐ 02")

    with pytest.raises(Refused, match="không có hiệu lực"):
        counter.submit(now=at(17))
    assert dossier.procedure_id == counter.procedure.pk


def test_import_is_all_or_nothing_and_names_the_row(counter) -> None:
    row = {
        "agency": "SKHCN",
        "code": "2.000111",
        "valid_from": date(2023, 1, 1),
        "components": "Đơn; Bản vẽ (không bắt buộc)",
        **NEW,
    }

    with pytest.raises(Refused, match="Dòng 2"):
        catalogue.import_procedures(by=counter.specialist, rows=[row, row | {"code": "sai"}])
    assert not AdministrativeProcedure.objects.filter(code="2.000111").exists()
    assert catalogue.import_procedures(by=counter.specialist, rows=[row]) == 1
    assert [(c.name, c.is_required) for c in AdministrativeProcedure.objects.get(code="2.000111").components.all()] == [
        ("Đơn", True), ("Bản vẽ", False)
    ]  # fmt: skip


def test_components_are_read_from_one_cell() -> None:
    assert read_components("Đơn\n\nBản sao; Ảnh (không bắt buộc)") == [
        Component("Đơn"), Component("Bản sao"), Component("Ảnh", is_required=False)
    ]  # fmt: skip


def test_basis_out_of_force_flags_the_procedure(counter) -> None:
    basis = counter.procedure.bases.get()
    assert flawed_bases(counter.procedure, on=at(15)) == []

    basis.instrument.valid_from, basis.instrument.valid_to = date(2014, 1, 1), date(2023, 1, 1)
    basis.instrument.save()

    assert "hết hiệu lực" in flawed_bases(counter.procedure, on=at(15))[0]


def test_forms_offer_workflows_of_the_own_body_and_shared_ones_only(cast) -> None:
    own, other = cast.organisation("Sở A"), cast.organisation("Sở B")
    for code, owner in (("QT-A", own), ("QT-B", other), ("QT-CHUNG", None)):
        procedure = Procedure.objects.create(code=code, title=code, owner=owner)
        ProcedureVersion.objects.create(
            procedure=procedure, state=VersionState.EFFECTIVE, effective_from=date(2023, 1, 1)
        )
    bodies = Organisation.objects.filter(pk=own.pk)

    forms = (
        ProcedureForm(bodies=bodies), ImportForm(bodies=bodies),
        ProcedureForm(bodies=bodies, kept_workflow=Procedure.objects.get(code="QT-B").pk),
    )  # fmt: skip

    offered = [{item.code for item in form.fields["workflow"].queryset} for form in forms]
    assert offered == [{"QT-A", "QT-CHUNG"}, {"QT-A", "QT-CHUNG"}, {"QT-A", "QT-B", "QT-CHUNG"}]
