"""Keeps beside each organisation whose duties it carries, so that nobody follows successions at every request."""

from collections import defaultdict
from datetime import date

from django.db import transaction

from khcn.kernel.orgs.models import Organisation, OrganisationSuccession


def renew_carried_duties() -> int:
    """Work out anew, from all successions, which ended bodies' duties each organisation carries; how many changed.

    A body is carried from the day on which it had ended and the last link of the chain held. Derived only: it says
    nothing that the successions do not say, so it leaves no line in the log. Two queries when nothing changed.
    """
    with transaction.atomic():
        closed = Organisation.objects.filter(valid_to__isnull=False).values_list("pk", "valid_to")
        ended = {key: on for key, on in closed if on is not None}
        before: dict[int, list[tuple[int, date]]] = defaultdict(list)
        for predecessor, successor, on in OrganisationSuccession.objects.values_list(
            "predecessor_id", "successor_id", "on"
        ):
            before[successor].append((predecessor, on))
        changed = 0
        for organisation in Organisation.objects.order_by("pk"):
            carried = [
                [key, since.isoformat()] for key, since in sorted(_carried(organisation.pk, before, ended).items())
            ]
            if organisation.carries != carried:
                Organisation.objects.filter(pk=organisation.pk).update(carries=carried)
                changed += 1
    return changed


def _carried(key: int, before: dict[int, list[tuple[int, date]]], ended: dict[int, date]) -> dict[int, date]:
    found: dict[int, date] = {}
    waiting = [(key, date.min)]
    while waiting:
        current, since = waiting.pop()
        for predecessor, on in before.get(current, ()):
            if predecessor == key or predecessor not in ended or predecessor in found:
                continue
            found[predecessor] = max(since, on, ended[predecessor])
            waiting.append((predecessor, found[predecessor]))
    return found
