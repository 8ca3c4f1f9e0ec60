"""The only place where the one-stop room registers with the kernel and the shell."""

from khcn.domains.onestop.queries.agencies import AGENCY_SOURCES, cases_of_published, published_services
from khcn.domains.onestop.queries.dossiers import dossier_address, why_dossier_waits
from khcn.domains.onestop.queries.finding import find_dossiers, find_tthc
from khcn.domains.onestop.queries.measures import SOURCES
from khcn.domains.onestop.queries.panel import home_panel
from khcn.domains.onestop.queries.sheets import published_sheet
from khcn.kernel.indicators.queries import register_agency_source, register_source
from khcn.kernel.procedures.queries import register_case_subject, register_catalogue
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.roles import Role
from khcn.web.panels import Action, Panel, register_action, register_panel
from khcn.web.search import register


def connect() -> None:
    """Register indicator sources, the catalogue, search, the panel and the quick actions of the home page."""
    for key, source in SOURCES.items():
        register_source(key, source)
    for key, counted in AGENCY_SOURCES.items():
        register_agency_source(key, "onestop", counted)
    register_catalogue("onestop", published_services, sheet=published_sheet, cases=cases_of_published)
    register("dossiers", _("Hồ sơ một cửa"), find_dossiers, order=15)
    register("tthc", _("Thủ tục hành chính"), find_tthc, order=16)
    register_case_subject("onestop.dossier", _("Hồ sơ một cửa"), dossier_address, waits=why_dossier_waits)
    register_panel(Panel("onestop", "onestop/panel.html", home_panel, order=20))
    register_action(Action(_("Tiếp nhận hồ sơ tại quầy"), "dossier_new", "file-plus", (Role.ONE_STOP,)))
