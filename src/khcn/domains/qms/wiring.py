"""The only place where the quality systems register with the kernel."""

from khcn.domains.qms.queries import finding
from khcn.domains.qms.queries.home import home_panel
from khcn.kernel.events.services import subscribe
from khcn.kernel.orgs.services.wishes import ResearchMoved
from khcn.kernel.procedures.services import CaseClockMoved, StepOverdue
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.roles import Role
from khcn.web.panels import Action, Panel, register_action, register_panel
from khcn.web.search import register


def connect() -> None:
    """Register search, the home page's panel and actions, and what is heard of steps, clocks and research."""
    subscribe(StepOverdue, "khcn.domains.qms.jobs.hear_of_overdue_step")
    subscribe(CaseClockMoved, "khcn.domains.qms.jobs.hear_of_moved_clock")
    subscribe(ResearchMoved, "khcn.domains.qms.services.improvement.hear_of_research")
    register("controlled_documents", _("Tài liệu kiểm soát"), finding.find_documents, order=200)
    register("nonconformities", _("Sự không phù hợp"), finding.find_nonconformities, order=210)
    register_panel(Panel("qms", "qms/home/panel.html", home_panel, order=60))
    register_action(
        Action(_("Ghi sự không phù hợp"), "qms_nc_new", "alert-octagon", (Role.ISO_SECRETARY, Role.OFFICER))
    )
