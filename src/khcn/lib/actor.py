"""Who acts: the identity, unit and roles with which a service is called; values only, no account logic."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held at one organisation on the actor's date. `organisation_id` is the organisation's key."""

    role: str
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system) at the moment of an act.

    uid: the account's UUID, stable for the outside. name: as printed in logs. on: the date at which
    appointments were resolved. grants: roles with their organisation. inherited: the same roles at bodies that ended
    and whose duties those organisations carry on; they count for matters begun there, and for nothing new. Born per
    request or job; never stored.
    """

    uid: UUID
    name: str
    on: date
    user_id: int | None = None
    person_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    grants: tuple[Grant, ...] = field(default_factory=tuple)
    inherited: tuple[Grant, ...] = field(default_factory=tuple)
    is_system: bool = False

    def as_system(self) -> "Actor":
        """The same person, acting with the system's own rights in what an act of theirs brings about."""
        return replace(self, is_system=True)

    @property
    def roles(self) -> frozenset[str]:
        """The codes of all roles held."""
        return frozenset(grant.role for grant in self.grants)

    def holds(self, *roles: str) -> bool:
        """True when the actor holds any of the roles anywhere, or is the system itself."""
        return self.is_system or any(str(getattr(role, "value", role)) in self.roles for role in roles)

    def holds_at(self, organisation_id: int | None, *roles: str) -> bool:
        """True when the actor holds any of the roles at that organisation, or is the system itself."""
        wanted = {str(getattr(role, "value", role)) for role in roles}
        return self.is_system or any(
            grant.role in wanted and grant.organisation_id == organisation_id for grant in self.grants
        )

    def acts_at(self, organisation_id: int | None, *roles: str) -> bool:
        """As `holds_at`, also for a body that ended and whose duties the actor's own organisation carries on."""
        if self.holds_at(organisation_id, *roles):
            return True
        wanted = {str(getattr(role, "value", role)) for role in roles}
        return any(grant.role in wanted and grant.organisation_id == organisation_id for grant in self.inherited)

    def offices_as(self, *roles: str) -> frozenset[int]:
        """Keys of the organisations at which the actor holds any of the roles."""
        return _offices(self.grants, roles)

    def answers_as(self, *roles: str) -> frozenset[int]:
        """As `offices_as`, those inherited too."""
        return _offices(self.answers_for, roles)

    @property
    def answers_for(self) -> tuple[Grant, ...]:
        """Every role with its organisation, those inherited too."""
        return (*self.grants, *self.inherited)

    @property
    def places(self) -> frozenset[int]:
        """Keys of the organisations at which any role is held or inherited."""
        return frozenset(grant.organisation_id for grant in self.answers_for if grant.organisation_id is not None)

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Keys of the organisations at which any role is held."""
        return frozenset(grant.organisation_id for grant in self.grants if grant.organisation_id is not None)


def _offices(grants: Iterable[Grant], roles: Iterable[str]) -> frozenset[int]:
    wanted = {str(getattr(role, "value", role)) for role in roles}
    return frozenset(grant.organisation_id for grant in grants if grant.role in wanted and grant.organisation_id)
