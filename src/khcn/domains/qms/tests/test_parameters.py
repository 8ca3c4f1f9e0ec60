"""The province decides the numbers: by a decision, from a day on, never for what was confirmed."""

from datetime import date

import pytest
from django.urls import reverse

from khcn.domains.qms.models import Parameter
from khcn.domains.qms.queries.parameters import parameters_on, scoring_on
from khcn.domains.qms.rules.parameters import PARAMETERS, field_of
from khcn.domains.qms.services import scores
from khcn.domains.qms.services.parameters import decide_parameters
from khcn.domains.qms.tests.test_effectiveness import END, effective_world
from khcn.domains.qms.tests.world import World, load_reference, on
from khcn.lib.failure import Forbidden, Refused

pytestmark = pytest.mark.django_db
NEXT = date(2026, 7, 1)


def test_every_parameter_of_the_reference_data_has_a_name() -> None:
    load_reference()

    assert set(Parameter.objects.values_list("key", flat=True)) == set(PARAMETERS)


def test_decision_holds_from_its_day_and_leaves_the_time_before(world: World) -> None:
    decide_parameters(
        by=on(world.overseer, END), values={"threshold": 85, "weight.E1": 25, "weight.E7": 5}, valid_from=NEXT,
        decision="12/QĐ-UBND ngày 01/06/2026",
    )  # fmt: skip

    before, after = scoring_on(date(2026, 6, 30)), scoring_on(NEXT)
    assert (before.threshold, after.threshold) == (80, 85)
    assert (after.weights["E1"], after.weights["E7"], after.weights["E2"]) == (25, 5, 15)
    assert after.decision == "12/QĐ-UBND ngày 01/06/2026"
    load_reference()
    assert parameters_on(NEXT)["threshold"].value == "85"
    assert scoring_on(date(2026, 6, 30)).threshold == 80


@pytest.mark.parametrize(
    ("values", "field"),
    [({"weight.E1": 30}, "weight_E1"), ({"threshold": 101}, "threshold"), ({"threshold": 80}, "")],
    ids=["sum", "limit", "nothing new"],
)
def test_numbers_that_cannot_hold_are_refused_beside_their_field(world: World, values, field) -> None:
    with pytest.raises(Refused) as refused:
        decide_parameters(by=on(world.overseer, END), values=values, valid_from=NEXT, decision="12/QĐ-UBND")

    assert refused.value.field == field
    assert not Parameter.objects.filter(valid_from=NEXT).exists()


def test_decision_needs_its_number_and_the_standing_body(world: World) -> None:
    with pytest.raises(Refused):
        decide_parameters(by=on(world.overseer, END), values={"threshold": 85}, valid_from=NEXT, decision=" ")
    with pytest.raises(Forbidden):
        decide_parameters(by=on(world.head, END), values={"threshold": 85}, valid_from=NEXT, decision="12/QĐ-UBND")


def test_decision_never_reaches_back_into_a_confirmed_year_nor_before_a_later_one(world: World) -> None:
    effective_world(world)
    found = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, END), agency_year=found, decision_number="05/QĐ-SKHCN")
    by = on(world.overseer, END)

    with pytest.raises(Refused, match="đã được xác nhận"):
        decide_parameters(by=by, values={"threshold": 85}, valid_from=date(2025, 12, 31), decision="12/QĐ-UBND")
    decide_parameters(by=by, values={"threshold": 85}, valid_from=NEXT, decision="12/QĐ-UBND")
    with pytest.raises(Refused, match="Đã có giá trị"):
        decide_parameters(by=by, values={"threshold": 90}, valid_from=date(2026, 6, 1), decision="13/QĐ-UBND")

    check = scores.recheck(found)
    assert check.is_intact
    assert check.reproduces


def test_page_shows_numbers_to_all_and_takes_a_decision_of_the_standing_body(world: World, client_for) -> None:
    overseer = client_for(world.overseer)
    values = {field_of(key): row.value for key, row in parameters_on(END).items()} | {"threshold": "85"}

    shown = client_for(world.secretary).get(reverse("qms_parameters")).content.decode()
    wrong = overseer.post(
        reverse("qms_parameters_new"), {**values, "weight_E1": "21", "valid_from": "01/07/2099", "decision": "1/QĐ"}
    )
    done = overseer.post(
        reverse("qms_parameters_new"), {**values, "valid_from": "01/07/2099", "decision": "12/QĐ-UBND"}, follow=True
    )

    assert "Ngưỡng tổng điểm" in shown
    assert reverse("qms_parameters_new") not in shown
    assert wrong.status_code == 422
    assert "cộng thành 100" in wrong.content.decode()
    assert "12/QĐ-UBND" in done.content.decode()
