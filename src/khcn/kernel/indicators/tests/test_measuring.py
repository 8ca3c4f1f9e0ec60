"""Values with provenance: measured by a registered source, reproduced while the records stand, and not after."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.indicators import queries
from khcn.kernel.indicators.models import Indicator, IndicatorValue, Target
from khcn.kernel.indicators.queries import Measurement, register_source, source_of
from khcn.kernel.indicators.services import measure, reproduces
from khcn.kernel.orgs.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIOD = {"period_from": date(2023, 1, 1), "period_to": date(2023, 12, 31), "as_of": date(2023, 12, 31)}
SCOPE = uuid4()


def short_names(question):
    """A source of the tests: the share of organisations with a short name as long as the parameter asks."""
    wanted = question.parameters.get("length", 1)
    rows = list(Organisation.objects.order_by("code"))
    counted = [row for row in rows if len(row.short_name) >= wanted]
    return Measurement(
        value=Decimal(len(counted)) * 100 / len(rows) if rows else None,
        numerator=tuple(row.code for row in counted), denominator=tuple(row.code for row in rows),
        excluded=(("X", "ngoài phạm vi"),), stages={"đủ": len(counted)},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _sources(monkeypatch):
    monkeypatch.setattr(queries, "_sources", {})
    register_source("test.short_names", short_names)


@pytest.fixture
def indicator():
    return Indicator.objects.create(
        code="CT-1", name="Tỷ lệ", unit="%", definition="…", source="test.short_names", parameters={"length": 2}
    )


def test_value_keeps_what_it_counted_and_under_which_rules(cast, indicator):
    actor = cast.actor()
    cast.organisation(code="A", short_name="SKHCN")
    cast.organisation(code="B")
    cast.organisation(code="C")

    (value,) = measure(by=actor, indicators=[indicator], scope_uid=SCOPE, **PERIOD)

    stored = IndicatorValue.objects.get(pk=value.pk)
    assert stored.value == Decimal("33.333333")
    assert stored.evidence["numerator"] == ["A"]
    assert stored.evidence["denominator"] == ["A", "B", "C"]
    assert stored.evidence["excluded"] == [["X", "ngoài phạm vi"]]
    assert stored.parameters == {"length": 2}
    assert stored.measured_by_id == actor.user_id
    assert AuditEntry.objects.get(verb="indicators.measure").after == {"CT-1": stored.sha256}


def test_value_reproduces_while_the_records_stand_and_not_after(cast, indicator):
    organisation = cast.organisation(code="A", short_name="SKHCN")
    (value,) = measure(by=cast.actor(), indicators=[indicator], scope_uid=SCOPE, **PERIOD)
    value = IndicatorValue.objects.get(pk=value.pk)
    assert reproduces(value)

    organisation.short_name = ""
    organisation.save()

    assert not reproduces(value)


def test_value_is_asked_again_with_its_own_parameters_not_with_new_ones(cast, indicator):
    cast.organisation(code="A", short_name="SKHCN")
    (value,) = measure(by=cast.actor(), indicators=[indicator], scope_uid=SCOPE, **PERIOD)

    indicator.parameters = {"length": 9}
    indicator.save()

    assert reproduces(IndicatorValue.objects.get(pk=value.pk))


def test_value_behind_a_changed_target_or_a_touched_digest_does_not_reproduce(cast, indicator):
    cast.organisation(code="A", short_name="SKHCN")
    (value,) = measure(by=cast.actor(), indicators=[indicator], scope_uid=SCOPE, **PERIOD)

    IndicatorValue.objects.filter(pk=value.pk).update(sha256="0" * 64)

    assert not reproduces(IndicatorValue.objects.get(pk=value.pk))


def test_nothing_to_count_is_stored_as_nothing_not_as_zero(cast, indicator):
    def empty(question):
        return Measurement(value=None)

    register_source("test.short_names", empty)

    (value,) = measure(by=cast.actor(), indicators=[indicator], scope_uid=SCOPE, **PERIOD)

    assert IndicatorValue.objects.get(pk=value.pk).value is None
    assert reproduces(value)


def test_source_receives_the_target_of_the_scope(cast, indicator):
    seen = []
    register_source("test.short_names", lambda question: seen.append(question.target) or Measurement(value=Decimal(1)))
    target = Target.objects.create(indicator=indicator, scope_uid=SCOPE, operator=">=", value=3, sentence="ít nhất 03")
    Target.objects.create(indicator=indicator, scope_uid=uuid4(), operator=">=", value=9, sentence="khác")

    measure(by=cast.actor(), indicators=[indicator], scope_uid=SCOPE, **PERIOD)

    assert seen == [target]


def test_failing_source_leaves_no_value_of_the_run(cast, indicator):
    def fails(question):
        raise ZeroDivisionError

    register_source("test.fails", fails)
    bad = Indicator.objects.create(code="CT-2", name="Hỏng", unit="", definition="…", source="test.fails")

    with pytest.raises(ZeroDivisionError):
        measure(by=cast.actor(), indicators=[indicator, bad], scope_uid=SCOPE, **PERIOD)

    assert not IndicatorValue.objects.exists()


def test_unknown_source_names_those_that_are_known():
    with pytest.raises(KeyError, match=r"test\.short_names"):
        source_of("test.unknown")
