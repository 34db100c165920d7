"""Values go into JSON and come back as what they were."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.event import Citation
from contracts.message import Claim
from contracts.problem import Fact
from contracts.values import Day, Money
from storage.codec import claims_from_json, claims_to_json, facts_from_json, facts_to_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
MICROSECONDS = st.integers(-(2**62), 2**62)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    MICROSECONDS,
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.builds(Day, st.dates().map(str), TEXTS, MICROSECONDS),
    st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["EUR", "JPY"])),
)
CITATIONS = st.none() | st.builds(Citation, TEXTS, TEXTS, TEXTS, MICROSECONDS)


@given(st.dictionaries(TEXTS, st.builds(Fact, VALUES, CITATIONS)))
def test_facts_come_back_as_they_were(facts: dict[str, Fact]) -> None:
    back = facts_from_json(facts_to_json(facts))

    assert back == facts
    assert list(back) == list(facts)
    assert [type(fact.value) for fact in back.values()] == [type(fact.value) for fact in facts.values()]


@given(st.lists(st.builds(Claim, TEXTS, VALUES, CITATIONS)))
def test_claims_come_back_as_they_were(claims: list[Claim]) -> None:
    assert claims_from_json(claims_to_json(claims)) == tuple(claims)


@pytest.mark.parametrize("plain", [["2026-03-05", "Europe/Berlin", 5], ["12.50", "EUR"]])
def test_a_plain_value_stays_plain(plain: list[object]) -> None:
    assert claims_from_json(claims_to_json([Claim("fact", plain, None)])) == (Claim("fact", plain, None),)


def test_an_amount_keeps_its_decimals() -> None:
    [claim] = claims_from_json(claims_to_json([Claim("price", Money(Decimal("12.50"), "EUR"), None)]))

    assert str(claim.value.amount) == "12.50"
