"""How good warnings were, shown to everyone."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.hazards.models import LevelTable
from khcn.domains.hazards.queries.verifying import skills
from khcn.domains.hazards.rules.skill import Contingency
from khcn.web.acting import day_of
from khcn.web.screens import page, screen

#: Finley's tornado forecasts of 1884, by which everybody may check the reckoning.
FINLEY = Contingency(28, 72, 23, 2680)
USUAL_DAYS = 31


@screen(login=False)
def verification(request: HttpRequest) -> HttpResponseBase:
    """POD, FAR, CSI, bias and PC of each hazard over a period, with their counts; what was invented stands apart."""
    today = timezone.localdate()
    last = day_of(request, "den", today)
    first = day_of(request, "tu", last - timedelta(days=USUAL_DAYS - 1))
    first = min(first, last)
    names = dict(LevelTable.objects.order_by("pk").values_list("hazard", "name"))
    real, invented = (
        [
            (_(names[one.hazard]) if one.hazard in names else one.hazard, one)
            for one in skills(first, last, illustrations=apart)
        ]
        for apart in (False, True)
    )
    context = {
        "real": real, "invented": invented, "first": first, "last": last, "finley": FINLEY,
    }  # fmt: skip
    return page(request, "hazards/verification.html", context)
