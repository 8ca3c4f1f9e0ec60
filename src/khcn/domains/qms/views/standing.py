"""Who is asking and for which agency: what every screen of the quality systems begins with."""

from uuid import UUID

from django.http import Http404, HttpRequest

from khcn.domains.qms.models import QualitySystem
from khcn.domains.qms.permissions import visible_systems
from khcn.web.acting import actor_of

SYSTEM = "co_quan"


def system_of(request: HttpRequest) -> QualitySystem | None:
    """The agency named by `?co_quan=`, else the asker's own, else the only visible one, else None.

    Raises Http404 for one the asker may not see.
    """
    actor = actor_of(request)
    visible = visible_systems(actor)
    asked = request.GET.get(SYSTEM) or request.POST.get(SYSTEM)
    if asked:
        try:
            return visible.get(uid=UUID(asked))
        except (ValueError, QualitySystem.DoesNotExist) as error:
            raise Http404 from error
    own = visible.filter(organisation_id__in=actor.organisation_ids).first()
    if own is not None:
        return own
    found = list(visible[:2])
    return found[0] if len(found) == 1 else None


def required_system(request: HttpRequest) -> QualitySystem:
    """As `system_of`. Raises Http404 where there is none."""
    found = system_of(request)
    if found is None:
        raise Http404
    return found


def year_of(request: HttpRequest, default: int) -> int:
    """The year named by `nam`. Raises Http404 for what is none."""
    raw = request.GET.get("nam") or request.POST.get("nam") or str(default)
    if not raw.isdecimal() or not 2015 <= int(raw) <= 2100:
        raise Http404
    return int(raw)
