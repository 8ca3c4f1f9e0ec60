"""The numbers by which effectiveness is judged: those in force, those before, and a decision on new ones."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.qms.forms.parameters import ParametersForm
from khcn.domains.qms.models import Parameter
from khcn.domains.qms.permissions import OVERSEERS
from khcn.domains.qms.queries.parameters import parameters_on
from khcn.domains.qms.rules.parameters import PARAMETERS
from khcn.domains.qms.services import parameters
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen


@screen(methods=("GET", "HEAD"))
def parameter_list(request: HttpRequest) -> HttpResponse:
    """Every number with its dates and the decision behind it, newest first."""
    actor = actor_of(request)
    standing = {row.pk for row in parameters_on(actor.on).values()}
    rows = Parameter.objects.filter(key__in=PARAMETERS).order_by("-valid_from", "pk")
    order = list(PARAMETERS)
    lines = sorted(
        ((row, PARAMETERS[row.key], row.pk in standing) for row in rows),
        key=lambda line: (not line[2], order.index(line[0].key), line[0].valid_from or actor.on),
    )
    context = {"lines": lines, "decides": actor.holds(*OVERSEERS)}
    return page(request, "qms/systems/parameters.html", context)


@screen
def parameters_new(request: HttpRequest) -> HttpResponse:
    """Record a decision."""
    actor = actor_of(request)
    standing = {key: int(row.value) for key, row in parameters_on(actor.on).items() if key in PARAMETERS}
    form = ParametersForm(request.POST or None, standing=standing)
    back = reverse("qms_parameters")
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            found = parameters.decide_parameters(
                by=actor, values=form.values(), valid_from=form.cleaned_data["valid_from"],
                decision=form.cleaned_data["decision"],
            )  # fmt: skip
            return done(request, _("Đã ghi %(n)d tham số theo quyết định.") % {"n": len(found)}, back)
    context = {"form": form, "title": _("Ghi quyết định về tham số"), "back": back}
    return page(request, "qms/form.html", context, status=form.status)
