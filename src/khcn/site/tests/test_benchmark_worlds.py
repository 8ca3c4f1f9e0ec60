"""The invented province of the procedure benchmark can be filled: its rows have every column that a table asks for."""

import importlib

import pytest
from django.conf import settings

from khcn.domains.onestop.models import Dossier, StatusRecord
from khcn.kernel.procedures.models import Case, StepRun

DOSSIERS = 20


@pytest.fixture
def world(monkeypatch):
    monkeypatch.syspath_prepend(settings.ROOT / "benchmarks")
    return importlib.import_module("procedures_world")


@pytest.mark.database
@pytest.mark.django_db
def test_province_of_the_procedure_benchmark_is_filled(world):
    province = world.Province().settle()

    added = world.fill(province, 0, DOSSIERS)

    assert added[Dossier._meta.db_table] == added[Case._meta.db_table] == DOSSIERS == Dossier.objects.count()
    assert StepRun.objects.filter(case__subject_type="onestop.dossier").count() == DOSSIERS * world.RUNS_A_DOSSIER
    assert StatusRecord.objects.values("dossier").distinct().count() == DOSSIERS
