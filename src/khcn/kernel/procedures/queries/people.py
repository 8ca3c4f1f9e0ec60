"""Who may be given a step: people of its role at its organisation."""

from datetime import date

from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.queries import holders_of
from khcn.kernel.procedures.models import StepRun


def people_for(run: StepRun, *, on: date) -> list[User]:
    """Accounts that hold the step's role at its organisation on the day (anywhere when it has none), by name."""
    found = holders_of(run.role, on=on, organisation_id=run.organisation_id)
    return sorted(found, key=lambda user: (user.person.sort_key if user.person else "", user.username))
