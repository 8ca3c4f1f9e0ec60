"""The only place where the programme registers with the kernel."""

from functools import partial
from uuid import UUID

from django.urls import reverse

from khcn.domains.programme.queries import finding, pipeline_search
from khcn.domains.programme.queries.dashboard import home_panel
from khcn.domains.programme.queries.measures import SOURCES
from khcn.kernel.events.services import subscribe
from khcn.kernel.indicators.queries import register_source
from khcn.kernel.indicators.services import AgencyFoundEffective
from khcn.kernel.orgs.services.wishes import ResearchWished
from khcn.kernel.procedures.queries import register_case_subject
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.roles import Role
from khcn.web.panels import Action, Panel, register_action, register_panel
from khcn.web.search import register


def connect() -> None:
    """Register indicator sources, search, panels and quick actions of the home page."""
    for key, source in SOURCES.items():
        register_source(key, source)
    subscribe(AgencyFoundEffective, "khcn.domains.programme.services.effectiveness.hear_of_effectiveness")
    subscribe(ResearchWished, "khcn.domains.programme.services.wishes.hear_of_wish")
    register("tasks", _("Nhiệm vụ"), finding.find_tasks, order=10)
    register("proposals", _("Đề xuất"), pipeline_search.find_proposals, order=20)
    register("calls", _("Thông báo tuyển chọn"), pipeline_search.find_calls, order=30)
    register("applications", _("Hồ sơ đăng ký"), pipeline_search.find_applications, order=40)
    register("order_lists", _("Danh mục đặt hàng"), finding.find_order_lists, order=50)
    register("councils", _("Hội đồng"), finding.find_councils, order=60)
    register("issues", _("Khó khăn, vướng mắc"), finding.find_issues, order=70)
    register("plans", _("Kế hoạch"), finding.find_plans, order=80)
    register("units", _("Cơ quan, đơn vị"), finding.find_units, order=90)
    for label, title, page in (
        ("programme.proposal", _("Đề xuất"), "proposal_page"),
        ("programme.call", _("Thông báo tuyển chọn"), "call_page"),
        ("programme.task", _("Nhiệm vụ"), "task_page"),
    ):
        register_case_subject(label, title, partial(_page_of, page), waits=_led_by_its_page)
    register_panel(Panel("plan", "programme/dashboard/panel.html", home_panel, order=50))
    register_action(Action(_("Lập phiếu đề xuất"), "proposal_new", "bulb", (Role.PROPOSER,)))
    register_action(Action(_("Tra cứu trùng lặp"), "lookup", "zoom-scan", (Role.SPECIALIST, Role.PROPOSER)))


def _page_of(page: str, uid: UUID) -> str:
    return reverse(page, args=[uid])


def _led_by_its_page(uid: UUID) -> str:
    return _("Bước này hoàn thành khi việc tương ứng được ghi trên hồ sơ nhiệm vụ.")
