"""Links that stop what a rule tells a customer: for this one thing, by us, and not for ever."""

import pytest
from itsdangerous import BadData

from contracts.times import DAY
from notifiers.composing.links import GOOD_FOR, Links
from tests.notifiers.builders import NOON

LINKS = Links("https://example.com/tell/", "s" * 32)


def token(links: Links = LINKS) -> str:
    return links.stop("C1", "late-parcel", now=NOON).rpartition("/")[2]


def test_a_link_names_what_it_stops() -> None:
    assert LINKS.stop("C1", "late-parcel", now=NOON).startswith("https://example.com/tell/stop/")
    assert LINKS.what_to_stop(token(), now=NOON + DAY) == ("C1", "late-parcel")


def test_a_link_that_was_changed_or_made_by_another_is_not_ours() -> None:
    for made in ("x" + token(), token()[:-1], token(Links("https://example.com", "t" * 32))):
        with pytest.raises(BadData):
            LINKS.what_to_stop(made, now=NOON)


def test_a_link_ends() -> None:
    with pytest.raises(ValueError, match="older"):
        LINKS.what_to_stop(token(), now=NOON + GOOD_FOR + DAY)
