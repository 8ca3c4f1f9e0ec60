"""Takes a paper one step along its machine: lock, rule, event, audit; the other services add what the step does."""

from typing import Any

from django.utils import timezone

from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import PaperState
from khcn.kernel.documents.errors import PaperStepRefused
from khcn.kernel.documents.models import OfficialPaper, PaperEvent
from khcn.kernel.documents.rules import PAPER_STEPS, step_refusal
from khcn.lib.actor import Actor


def step_paper(
    *, by: Actor, paper: OfficialPaper, event: str, expected_version: int | None, note: str = "",
    changes: dict[str, Any] | None = None,
) -> OfficialPaper:  # fmt: skip
    """Move the paper inside the caller's transaction, setting `changes` with it.

    Raises Stale when somebody else moved it, PaperStepRefused from a state that does not allow the step.
    """
    paper.claim(expected_version)
    paper.refresh_from_db(fields=["state"])
    before = PaperState(paper.state)
    if why := step_refusal(before, event):
        raise PaperStepRefused(why)
    paper.state = PAPER_STEPS[event].target
    for name, value in (changes or {}).items():
        setattr(paper, name, value)
    paper.save()
    PaperEvent.objects.create(
        paper=paper, event=event, from_state=before, to_state=paper.state, note=note, at=timezone.now(), by_name=by.name
    )
    record(
        by=by,
        verb=f"paper.{event}",
        subject=paper,
        before={"state": before},
        after={"state": paper.state, "note": note},
    )
    return paper
