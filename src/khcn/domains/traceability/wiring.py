"""The only place where traceability registers with the kernel and the shell."""

from khcn.domains.traceability.drivers import information_system
from khcn.domains.traceability.queries.finding import find_lots, find_parties, find_products
from khcn.domains.traceability.services.eudr import use_system
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.roles import Role
from khcn.web.panels import Action, register_action
from khcn.web.search import register


def connect() -> None:
    """Register search, the quick action of the home page, and the adapter to the EU's information system."""
    use_system(information_system)
    register("trace_parties", _("Cơ sở truy xuất"), find_parties, order=40)
    register("trace_lots", _("Lô hàng"), find_lots, order=39)
    register("trace_products", _("Sản phẩm truy xuất"), find_products, order=41)
    register_action(Action(_("Ghi nhật ký sản xuất"), "trace_field_home", "pencil-plus", (Role.PRODUCER,)))
