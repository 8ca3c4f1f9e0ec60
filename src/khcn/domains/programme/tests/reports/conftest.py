"""The small world, and the officials who read, write and sign reports in it."""

from dataclasses import dataclass

import pytest

from khcn.domains.programme.tests.reports.world import TODAY, World, build_world
from khcn.lib.actor import Actor
from khcn.lib.roles import Role


@dataclass
class Officials:
    """People of the standing body, and strangers."""

    specialist: Actor
    other_specialist: Actor
    head: Actor
    director: Actor
    host: Actor
    coordinator: Actor


@pytest.fixture
def officials(cast) -> Officials:
    """One actor per office, each with an account."""
    made = {
        name: cast.actor(role, on=TODAY)
        for name, role in (
            ("specialist", Role.SPECIALIST), ("other_specialist", Role.SPECIALIST), ("head", Role.HEAD),
            ("director", Role.DIRECTOR), ("host", Role.HOST), ("coordinator", Role.COORDINATOR),
        )
    }  # fmt: skip
    return Officials(**made)


@pytest.fixture
def world(cast, officials) -> World:
    """A plan with its targets and nothing done."""
    return build_world(cast, officials.specialist)
