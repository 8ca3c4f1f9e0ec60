"""Identifiers of answers in the format that is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.traceability.rules.epc_format import as_link
from khcn.standards.gs1.epc_conversion import digital_link_of
from khcn.standards.gs1.epc_schemes import parse_epc


@given(
    st.sampled_from(["id:s", "class:l"]), st.integers(6, 12), st.integers(0, 10**13 - 1),
    st.text("0123456789AZaz_.-", min_size=1, max_size=20),
)  # fmt: skip
def test_link_of_a_plain_name_is_that_of_its_full_reading(scheme, size, digits, serial):
    prefix, reference = f"{digits:013}"[:size], f"{digits:013}"[size:]
    name = f"urn:epc:{scheme}gtin:{prefix}.{reference}.{serial}"

    assert as_link(name) == digital_link_of(parse_epc(name))
