"""Who may do what in traceability: officers by role, producers for their own parties, programs by their own rights."""

from django.db.models import Q, QuerySet

from khcn.domains.traceability.choices import GROWING
from khcn.domains.traceability.errors import NotAllowed
from khcn.domains.traceability.models import Client, FieldRecord, Lot, Party, Product, Site, Statement
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

OFFICERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)
READS_ALL = (*OFFICERS, Role.LEADER, Role.INSPECTOR)


def may_register_clients(actor: Actor) -> None:
    """Accounts of programs are given out by the system's administrators. Raises Forbidden."""
    if not actor.holds(Role.SYSADMIN):
        raise Forbidden("Chỉ quản trị hệ thống được cấp khóa cho chương trình kết nối.")


def may_capture(client: Client) -> None:
    """Raises NotAllowed."""
    if not client.may_capture:
        raise NotAllowed("Chương trình này không được ghi sự kiện.")


def may_query(client: Client) -> None:
    """Raises NotAllowed."""
    if not client.may_query:
        raise NotAllowed("Chương trình này không được truy vấn.")


def is_officer(actor: Actor) -> bool:
    """Keeps the registers of the province: parties, templates, recalls, reports of fakes."""
    return actor.holds(*OFFICERS)


def require_officer(actor: Actor) -> None:
    """Raises Forbidden."""
    if not is_officer(actor):
        raise Forbidden("Việc này dành cho công chức quản lý truy xuất nguồn gốc.")


def own_parties(actor: Actor) -> QuerySet[Party]:
    """Parties that the actor writes for: those of its organisations, and the households that these keep records for."""
    places = actor.offices_as(Role.PRODUCER)
    return Party.objects.filter(Q(organisation_id__in=places) | Q(head__organisation_id__in=places))


def acts_for(actor: Actor, party: Party) -> bool:
    """True for whoever writes for the party."""
    places = {party.organisation_id, party.head.organisation_id if party.head else None} - {None}
    return any(actor.holds_at(place, Role.PRODUCER) for place in places) or actor.is_system


def may_keep(actor: Actor, party: Party) -> bool:
    """Who keeps a party's master data: the party itself, and officers."""
    return acts_for(actor, party) or is_officer(actor)


def require_keeper(actor: Actor, party: Party) -> None:
    """Raises Forbidden."""
    if not may_keep(actor, party):
        raise Forbidden("Chỉ cơ sở này hoặc công chức quản lý truy xuất được sửa dữ liệu của cơ sở.")


def require_writer(actor: Actor, party: Party) -> None:
    """Raises Forbidden."""
    if not acts_for(actor, party):
        raise Forbidden("Chỉ cơ sở này hoặc hợp tác xã của cơ sở được ghi nhật ký.")


def visible_parties(actor: Actor) -> QuerySet[Party]:
    """All for officers, leaders and inspectors; else the actor's own."""
    return Party.objects.all() if actor.is_system or actor.holds(*READS_ALL) else own_parties(actor)


def visible_sites(actor: Actor) -> QuerySet[Site]:
    """Places of the parties that the actor sees."""
    rows = Site.objects.select_related("party", "commune")
    return rows if actor.is_system or actor.holds(*READS_ALL) else rows.filter(party__in=own_parties(actor))


def visible_products(actor: Actor) -> QuerySet[Product]:
    """Products of the parties that the actor sees."""
    rows = Product.objects.select_related("party")
    return rows if actor.is_system or actor.holds(*READS_ALL) else rows.filter(party__in=own_parties(actor))


def visible_records(actor: Actor) -> QuerySet[FieldRecord]:
    """The diary of the parties that the actor sees."""
    rows = FieldRecord.objects.select_related("party", "template", "lot")
    return rows if actor.is_system or actor.holds(*READS_ALL) else rows.filter(party__in=own_parties(actor))


def visible_lots(actor: Actor) -> QuerySet[Lot]:
    """Lots that a party of the actor made or ever held."""
    rows = Lot.objects.select_related("product__party", "site")
    if actor.is_system or actor.holds(*READS_ALL):
        return rows
    own = own_parties(actor).values("pk")
    return rows.filter(Q(product__party__in=own) | Q(holdings__party__in=own)).distinct()


def visible_plots(actor: Actor) -> QuerySet[Site]:
    """Plots and barns whose borders the actor may see: those of the parties that it keeps, or all for officers."""
    return visible_sites(actor).filter(kind__in=[str(one) for one in GROWING])


def visible_statements(actor: Actor) -> QuerySet[Statement]:
    """Statements about lots that parties of the actor made."""
    rows = Statement.objects.select_related("lot__product__party", "package")
    if actor.is_system or actor.holds(*READS_ALL):
        return rows
    return rows.filter(lot__product__party__in=own_parties(actor).values("pk"))
