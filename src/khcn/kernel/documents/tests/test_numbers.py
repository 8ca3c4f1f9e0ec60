"""Number registers: one book per organisation, series and year; no gap and no repeat, however many write at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction

from khcn.kernel.documents.models import NumberRegister
from khcn.kernel.documents.services import next_number

THREADS, TAKEN = 8, 20


@pytest.mark.django_db
@pytest.mark.database
def test_books_count_apart_by_organisation_series_and_year(cast):
    one, two = cast.organisation(), cast.organisation()
    books = [
        {"series": "QD", "year": 2023, "organisation": one}, {"series": "QD", "year": 2024, "organisation": one},
        {"series": "CV", "year": 2023, "organisation": one}, {"series": "QD", "year": 2023, "organisation": two},
        {"series": "QD", "year": 2023},
    ]  # fmt: skip

    for book in books:
        assert [next_number(**book) for _ in range(3)] == [1, 2, 3]

    assert NumberRegister.objects.count() == len(books)


@pytest.mark.django_db
@pytest.mark.database
def test_second_book_of_nobody_is_refused_by_the_database():
    NumberRegister.objects.create(series="HD", year=2023)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberRegister.objects.create(series="HD", year=2023)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_failed_act_gives_its_number_back():
    @transaction.atomic
    def act(fails: bool) -> int:
        number = next_number(series="HD", year=2023)
        if fails:
            raise ZeroDivisionError
        return number

    assert act(False) == 1
    with pytest.raises(ZeroDivisionError):
        act(True)
    assert act(False) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_number_outside_a_transaction_is_refused():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks to demand a transaction for")
    with pytest.raises(transaction.TransactionManagementError):
        next_number(series="HD", year=2023)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_concurrent_writers_and_rollbacks_leave_neither_gap_nor_repeat():
    if connection.vendor != "postgresql":
        pytest.skip("concurrent writers are tried on PostgreSQL; SQLite has one writer")
    start = Barrier(THREADS)

    def write(seed: int) -> list[int]:
        chance, kept = random.Random(seed), []
        try:
            start.wait(timeout=30)
            while len(kept) < TAKEN:
                with transaction.atomic():
                    number = next_number(series="SONG-SONG", year=2023)
                    if chance.random() < 0.4:
                        transaction.set_rollback(True)
                    else:
                        kept.append(number)
        finally:
            connections.close_all()
        return kept

    with ThreadPoolExecutor(THREADS) as pool:
        taken = sorted(number for kept in pool.map(write, range(THREADS)) for number in kept)

    assert taken == list(range(1, THREADS * TAKEN + 1))
    assert NumberRegister.objects.get(series="SONG-SONG").last_number == THREADS * TAKEN
