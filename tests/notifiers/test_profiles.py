"""A profile becomes a customer; what is broken falls back, nobody is dropped."""

from datetime import time

import pytest

from contracts.customer import QUIET_FROM
from notifiers.profiles import Defaults, read_profile
from tests.notifiers.builders import BERLIN

PROJECT = Defaults(language="de", zone=BERLIN)


def test_an_empty_profile_is_a_customer_by_the_projects_customs() -> None:
    customer = read_profile("C1", {}, PROJECT)

    assert (customer.customer, customer.language, customer.zone, customer.quiet_from) == ("C1", "de", BERLIN, QUIET_FROM)


def test_a_profile_says_how_its_customer_wants_to_hear() -> None:
    profile = {"zone": "Asia/Tokyo", "channels": ["sms", "email"], "objects_to": "digest, late-parcel", "quiet_from": "22:00"}

    customer = read_profile("C1", profile, PROJECT)

    assert customer.zone.key == "Asia/Tokyo"
    assert customer.channels == ("sms", "email")
    assert customer.objects_to == {"digest", "late-parcel"}
    assert customer.quiet_from == time(22)


@pytest.mark.parametrize(
    "profile",
    [
        {"zone": "Mars/Olympus"},
        {"zone": 7},
        {"zone": "../etc"},
        {"quiet_from": "25:99"},
        {"quiet_from": "22:00+01:00"},
        {"language": ""},
    ],
)
def test_a_broken_profile_falls_back(profile: dict[str, object]) -> None:
    customer = read_profile("C1", profile, PROJECT)

    assert (customer.zone, customer.quiet_from, customer.language) == (BERLIN, QUIET_FROM, "de")
