"""What goes out passes the schema of CAP 1.2 as OASIS publishes it; the schema is read from the shared reference."""

from pathlib import Path

import pytest
from lxml import etree

from khcn.domains.warnings.choices import MessageKind, WarningKind
from khcn.domains.warnings.models import CapMessage, WarningCase
from khcn.domains.warnings.services import cases

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[6] / "shared/reference/hazard/cap-library/schema/cap12.xsd"
RING = [[12.0, 107.0], [12.2, 107.0], [12.2, 107.2], [12.0, 107.2], [12.0, 107.0]]


@pytest.fixture(scope="module")
def official() -> etree.XMLSchema:
    """The schema; skips where the shared reference is not beside the project."""
    if not SCHEMA.exists():
        pytest.skip("the shared CAP schema is not beside the project")
    return etree.XMLSchema(file=str(SCHEMA))


def test_messages_of_every_kind_pass_the_official_schema(world, official):
    first = world.issued(ring=RING)
    case = WarningCase.objects.get(pk=first.case_id)
    world.issued(world.written(case, MessageKind.UPDATE, reason="Mưa tăng", level=2))
    case.refresh_from_db()
    world.issued(world.written(case, MessageKind.CANCEL, reason="Mưa tạnh"))
    world.issued(world.written(world.case(exceedance="x-2", is_illustration=True)))
    exercise = cases.begin_case(
        by=world.writer, owner=world.owner, hazard="storm", hazard_name="Bão", kind=WarningKind.ORDER,
        is_exercise=True, exercise_name="Diễn tập <2026> & thử",
    )  # fmt: skip
    world.issued(world.written(exercise, level=4, units=["70001"]))

    messages = list(CapMessage.objects.order_by("pk"))

    found = [(one.kind, one.status) for one in messages]
    assert found == [("Alert", "Actual"), ("Update", "Actual"), ("Cancel", "Actual"), ("Alert", "Test"),
                     ("Alert", "Exercise")]  # fmt: skip
    for one in messages:
        official.assertValid(etree.fromstring(bytes(one.content)))
