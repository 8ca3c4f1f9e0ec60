"""Codes in both agency formats round-trip; attested examples of the portals are read; anything else is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.onestop.rules.codes import (
    AgencyCode,
    CodeNotRead,
    DossierCode,
    read_agency_code,
    read_dossier_code,
    read_procedure_code,
)

FIRST = st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True)
OLD = st.builds("{:03d}.{:02d}.{:02d}.{}".format, st.integers(0, 999), st.integers(0, 99), st.integers(0, 99), FIRST)
NEW = st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{2,3}){0,3}", fullmatch=True)


@given(st.one_of(OLD, NEW))
def test_agency_code_read_and_written_is_the_same_text(text: str) -> None:
    assert read_agency_code(text).text == text


@given(OLD)
def test_agency_code_old_to_new_and_back_names_the_same_agency(text: str) -> None:
    old = read_agency_code(text)

    new = read_agency_code(old.new_text)

    assert new.same_agency(old)
    assert new.old_text == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.16.H10", "H10.16"),
        ("000.00.00.H56", "H56"),
        ("013.05.50.H15", "H15.50.05.013"),
        ("000.00.04.G14", "G14.04"),
    ],
)
def test_agency_code_attested_examples_convert(old: str, new: str) -> None:
    assert read_agency_code(old).new_text == new
    assert read_agency_code(new).old_text == old


def test_agency_code_with_three_digits_at_level_two_has_no_old_form() -> None:
    with pytest.raises(CodeNotRead, match="QCVN 102:2016"):
        _ = AgencyCode("H10", ("116",)).old_text


@pytest.mark.parametrize(
    "text", ["", "H1", "h10.16", "00.00.16.H10", "H10.1", "H10.16.05.13.01", "H10..16", "000.00.16.H10.01"]
)
def test_agency_code_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CodeNotRead, match="mã định danh"):
        read_agency_code(text)


@pytest.mark.parametrize("text", ["1.010708", "1.010708.000.00.00.H56", "2.000908.H10.16"])
def test_procedure_code_national_and_local_round_trip(text: str) -> None:
    assert read_procedure_code(text).text == text


@pytest.mark.parametrize("text", ["1.01070", "11.010708", "1.010708.", "1.010708.Sở"])
def test_procedure_code_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CodeNotRead):
        read_procedure_code(text)


@given(st.one_of(OLD, NEW), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(4, 7), st.data())
def test_dossier_code_read_and_written_is_the_same(agency: str, on: date, width: int, data: st.DataObject) -> None:
    sequence = data.draw(st.integers(1, 10**width - 1))
    code = DossierCode(read_agency_code(agency), on, sequence, width)

    assert read_dossier_code(code.text) == code


def test_dossier_code_attested_example_is_read() -> None:
    code = read_dossier_code("H15.50.05.13-261008-0975")

    assert (code.agency.text, code.received_on, code.sequence) == ("H15.50.05.13", date(2026, 10, 8), 975)


@pytest.mark.parametrize(
    "text", ["H10.16-221301-0001", "H10.16-221013-0000", "H10.16-221013-001", "221013-0001", "H10.16-221013-00000001"]
)
def test_dossier_code_impossible_ones_are_refused(text: str) -> None:
    with pytest.raises(CodeNotRead):
        read_dossier_code(text)


def test_dossier_code_sequence_wider_than_its_room_is_refused() -> None:
    with pytest.raises(CodeNotRead, match="10000"):
        _ = DossierCode(read_agency_code("H10.16"), date(2022, 10, 13), 10000).text
