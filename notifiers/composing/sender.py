"""Who speaks: the business, and where a customer can check a message, reach a person and choose what to hear."""

from msgspec import Struct

from notifiers.composing.phrases import Phrases


class Sender(Struct, frozen=True, kw_only=True):
    """Addresses are texts a person can use: a link, a number, a mail address; None where there is none."""

    name: str = "tellfirst"
    check_at: str | None = None
    person_at: str | None = None
    preferences_at: str | None = None


def code_of(message: str) -> str:
    """Return the code by which a message can be checked: the last eight signs of its id, in two groups."""
    sign = message[-8:].upper()
    return f"{sign[:4]}-{sign[4:]}"


def signature(sender: Sender, phrases: Phrases, *, message: str) -> str:
    text = phrases.sender if sender.check_at is None else phrases.sender_at
    return text.format(sender=sender.name, code=code_of(message), address=sender.check_at)


def way_to_a_person(sender: Sender, phrases: Phrases) -> str:
    return phrases.person if sender.person_at is None else phrases.person_at.format(address=sender.person_at)


def way_to_preferences(sender: Sender, phrases: Phrases) -> str:
    if sender.preferences_at is None:
        return phrases.preferences
    return phrases.preferences_at.format(address=sender.preferences_at)
