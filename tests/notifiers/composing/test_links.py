"""The link that stops what a rule tells a customer: for this one thing, by us, and not for ever."""

from itsdangerous import URLSafeSerializer

from contracts.times import SECOND
from notifiers.composing.links import GOOD_FOR, Links
from tests.notifiers.builders import NOON


def test_a_link_names_whom_what_and_until_when_under_our_signature() -> None:
    address, _, token = Links("https://example.com/tell/", "s" * 32).stop("C1", "late-parcel", now=NOON).rpartition("/")

    assert address == "https://example.com/tell/stop"
    signed = URLSafeSerializer("s" * 32, salt="tellfirst.stop")
    assert signed.loads(token) == ["C1", "late-parcel", (NOON + GOOD_FOR) // SECOND]
