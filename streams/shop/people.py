"""The customers: who they are, how they wish to hear from us, and how much they bear."""

from dataclasses import dataclass
from random import Random
from typing import Any

from streams.shop.outcomes import Words

HOMES = {
    "Europe/Berlin": 62,
    "Europe/Vienna": 8,
    "Europe/Zurich": 6,
    "Europe/Lisbon": 6,
    "Europe/London": 8,
    "America/New_York": 6,
    "Asia/Tokyo": 4,
}
GERMAN = {"Europe/Berlin": 0.8, "Europe/Vienna": 0.9, "Europe/Zurich": 0.7}
NAMES = (
    "Ada",
    "Bruno",
    "Chiara",
    "Deniz",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaya",
    "Lena",
    "Mats",
    "Nora",
    "Omar",
    "Pia",
)
CHANNELS = {"email": 40, "push, email": 30, "sms, email": 15, "": 15}
OBJECTIONS = {"": 92, "service": 4, "account": 2, "service, account": 2}
NOT_INTRODUCED = 0.01
OF_NO_ZONE = 0.005


@dataclass(frozen=True)
class Person:
    """profile: None: nobody ever tells us who that is. patience: a factor on how long they bear trouble, in the middle 1.
    voice: a factor on how likely they complain: 0 never do."""

    id: str
    language: str
    zone: str
    profile: dict[str, Any] | None
    patience: float
    voice: float

    def words(self, words: Words) -> str:
        return words[self.language[:2]]


def person(number: int, chance: Random) -> Person:
    zone = pick(HOMES, chance)
    german = chance.random() < GERMAN.get(zone, 0.02)
    language = ("de-AT" if zone == "Europe/Vienna" else "de") if german else "en"
    profile = _profile(number, language, zone, chance) if chance.random() >= NOT_INTRODUCED else None
    return Person(f"C{number}", language, zone, profile, chance.lognormvariate(0, 0.5), chance.choice((0.0, 0.7, 1.0, 1.3, 1.6)))


def _profile(number: int, language: str, zone: str, chance: Random) -> dict[str, str]:
    name = chance.choice(NAMES)
    said = {
        "name": name,
        "language": language,
        "zone": zone if chance.random() >= OF_NO_ZONE else "Europe/Nowhere",
        "email": f"{name.lower()}{number}@example.com",
        "phone": f"+1 202 555 {number % 10_000:04}",
        "channels": pick(CHANNELS, chance),
        "objects_to": pick(OBJECTIONS, chance),
        "agrees_to": "marketing" if chance.random() < 0.3 else "",
    }
    return {field: value for field, value in said.items() if value}


def pick(weights: dict[str, int], chance: Random) -> str:
    return chance.choices(tuple(weights), weights=tuple(weights.values()))[0]
