"""Files of observations: send, look at what they would do, read them in another way, take in or drop."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.hazards.choices import StationFileState
from khcn.domains.hazards.forms.stations import StationFileForm, TableMappingForm
from khcn.domains.hazards.queries.files import files_for, streams_of
from khcn.domains.hazards.rules.station_tables import read_mapping
from khcn.domains.hazards.services import files
from khcn.domains.hazards.views.acting import file_for, observing_offices
from khcn.web.acting import actor_of
from khcn.web.listing import paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.table import TableRefused


@screen
def station_files(request: HttpRequest) -> HttpResponseBase:
    """Files of the actor's offices, and a new one."""
    actor, owners = actor_of(request), observing_offices(request)
    if not owners.exists():
        raise Http404
    form = StationFileForm(
        request.POST or None, request.FILES or None, owners=owners, initial={"station": request.GET.get("tram")}
    )
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            try:
                batch = files.prepare_file(
                    by=actor, owner=form.cleaned_data["owner"], station=form.cleaned_data["station"],
                    content=sent.read(), filename=sent.name,
                )  # fmt: skip
            except TableRefused as refused:
                form.add_error("file", refused.message)
            else:
                return done(request, _("Đã đọc tệp; xem lại rồi nhập."), reverse("station_file", args=[batch.uid]))
    context = {"form": form, "page": paginate(files_for(actor), request)}
    return page(request, "hazards/file_list.html", context, status=form.status)


@screen
def station_file(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A file as it would be taken in, and another reading of it."""
    batch, actor = file_for(request, uid), actor_of(request)
    codes = list(streams_of(batch.owner, batch.station).values_list("code", flat=True))
    form = TableMappingForm(
        request.POST or None, mapping=read_mapping(batch.mapping), columns=list(batch.columns), codes=codes
    )
    here = reverse("station_file", args=[uid])
    waits = batch.state == StationFileState.PREPARED
    if form.is_valid():
        with form.refusals():
            files.reread_file(by=actor, batch=batch, mapping=form.mapping, expected_version=version_of(request))
            return done(request, _("Đã đọc lại tệp."), here)
    context: dict[str, Any] = {"batch": batch, "form": form if waits else None, "waits": waits}
    return page(request, "hazards/file_page.html", context, status=form.status)


@screen(methods=("POST",))
def station_file_apply(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take the whole file in."""
    batch = file_for(request, uid)
    found = files.apply_file(by=actor_of(request), batch=batch, expected_version=version_of(request))
    text = _("Đã nhập: %(new)d trị số mới, %(same)d đã có, đính chính %(corrected)d.")
    words = text % {"new": found.new, "same": found.same, "corrected": found.corrected}
    return done(request, words, reverse("station_file", args=[uid]))


@screen(methods=("POST",))
def station_file_drop(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Put the file aside."""
    batch = file_for(request, uid)
    files.drop_file(by=actor_of(request), batch=batch, expected_version=version_of(request))
    return done(request, _("Đã bỏ tệp."), reverse("station_files"))
