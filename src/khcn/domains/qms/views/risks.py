"""The matrix of risks and opportunities."""

from django.http import HttpRequest, HttpResponse

from khcn.domains.qms.queries.risks import SCALE, risk_cells
from khcn.domains.qms.views.standing import required_system
from khcn.web.screens import page, screen


@screen(methods=("GET", "HEAD"))
def risk_matrix(request: HttpRequest) -> HttpResponse:
    """Open risks and opportunities by likelihood and impact, before treatment or after it."""
    system, after = required_system(request), request.GET.get("sau") == "1"
    cells = risk_cells(system, after=after)
    context = {
        "system": system, "cells": cells, "impacts": SCALE, "after": after,
        "total": sum(len(cell.risks) for row in cells for cell in row),
    }  # fmt: skip
    return page(request, "qms/systems/risk_matrix.html", context)
