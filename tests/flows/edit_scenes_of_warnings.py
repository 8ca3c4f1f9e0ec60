"""The scene of the form of a message of warning on its way out."""

from django.urls import reverse

from flows.edit_scenes import A, B, Scene, scene
from khcn.domains.warnings.choices import MessageKind, WarningKind
from khcn.domains.warnings.services.cases import begin_case
from khcn.domains.warnings.services.drafts import begin_message, write_message
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.roles import Role


@scene("warning_write")
def _words() -> Scene:
    office = make_organisation("Sở Nông nghiệp và Môi trường")
    member = make_member(Role.SPECIALIST, organisation=office)
    AdministrativeUnit.objects.get_or_create(
        code="79991", defaults={"name": "Xã thử", "level": UnitLevel.COMMUNE, "latitude": 11.5, "longitude": 107.0}
    )
    case = begin_case(
        by=member.actor, owner=office, hazard="other", hazard_name="Thiên tai", kind=WarningKind.ORDER
    )  # fmt: skip
    draft = begin_message(by=member.actor, case=case, kind=MessageKind.ALERT)
    words = {"headline": "Tiêu đề", "description": "Mô tả", "instruction": "Hướng dẫn", "units": ["79991"]}
    write_message(by=member.actor, draft=draft, changes=words)
    return Scene(member, reverse("warning_write", args=[case.code]), "headline", A, B, draft, "headline")
