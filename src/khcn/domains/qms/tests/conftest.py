"""Fixtures of the quality systems."""

import pytest

from khcn.domains.qms.tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """An agency with its people."""
    return make_world()
