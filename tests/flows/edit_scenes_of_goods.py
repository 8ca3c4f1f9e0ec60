"""The scenes of the forms of traceability: parties, places, products, templates, reports of fakes."""

from datetime import date, timedelta
from types import SimpleNamespace

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from flows.edit_scenes import A, B, Scene, scene
from khcn.domains.traceability.models import FakeReport, FormTemplate, Statement
from khcn.domains.traceability.tests.world import SYSTEM, make_world
from khcn.kernel.documents.services import store_file
from khcn.kernel.orgs.tests.cast import make_organisation


def _world() -> SimpleNamespace:
    return make_world(SimpleNamespace(organisation=make_organisation))


@scene("trace_party_edit")
def _party() -> Scene:
    world = _world()
    return Scene(world.officer, reverse("trace_party_edit", args=["NM1"]), "address", A, B, world.plant, "address")


@scene("trace_site_edit")
def _site() -> Scene:
    world = _world()
    return Scene(world.officer, reverse("trace_site_edit", args=[world.hall.uid]), "name", A, B, world.hall, "name")


@scene("trace_product_edit")
def _product() -> Scene:
    world = _world()
    address = reverse("trace_product_edit", args=[world.kernel.uid])
    return Scene(world.officer, address, "story", A, B, world.kernel, "story")


@scene("trace_template_edit")
def _template() -> Scene:
    world = _world()
    template: FormTemplate = world.template("dieu-thu-hoach")

    def newest() -> Model:
        return FormTemplate.objects.get(code=template.code, valid_to=None)

    from_day: date = timezone.localdate() + timedelta(days=30)
    address = reverse("trace_template_edit", args=[template.uid])
    return Scene(world.officer, address, "title", A, B, newest, "title", {"valid_from": f"{from_day:%d/%m/%Y}"})


@scene("trace_report")
def _report() -> Scene:
    world = _world()
    report = FakeReport.objects.create(contents="Tem mờ, hộp khác mẫu.", sent_at=timezone.now())
    address = reverse("trace_report", args=[report.uid])
    return Scene(world.officer, address, "answer", A, B, report, "answer", {"state": "confirmed"})


@scene("trace_statement_edit")
def _statement() -> Scene:
    world = _world()
    _raw, lot = world.chain()
    file = store_file(
        by=SYSTEM, content=b'{"type":"FeatureCollection","features":[]}', media_type="application/geo+json"
    )
    statement = Statement.objects.create(lot=lot, package=file, description="Cashew", hs_heading="0801", net_kg=80)
    address = reverse("trace_statement_edit", args=[statement.uid])
    return Scene(world.officer, address, "description", A, B, statement, "description")
