"""The only place where the hazards room registers with the kernel and the shell."""

from khcn.domains.hazards.queries.finding import find_stations
from khcn.domains.hazards.services.observations import ObservationsChanged
from khcn.kernel.events.services import subscribe
from khcn.kernel.notices.services import HarmSeen, WarningGiven
from khcn.lib.labelled import gettext_noop as _
from khcn.web.search import register


def connect() -> None:
    """Register search and the look anew after late values."""
    subscribe(WarningGiven, "khcn.domains.hazards.services.verifying.hear_warning")
    subscribe(HarmSeen, "khcn.domains.hazards.services.verifying.hear_harm")
    subscribe(ObservationsChanged, "khcn.domains.hazards.services.evaluations.look_again")
    register("stations", _("Trạm quan trắc"), find_stations, order=50)
