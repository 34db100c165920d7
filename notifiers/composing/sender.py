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


def small_print(sender: Sender, phrases: Phrases, *, message: str, about: str, as_of: str) -> dict[str, str]:
    """Return what the system adds to a message. about: what the message calls its case."""
    person, preferences, signed = phrases.person, phrases.preferences, phrases.sender
    if sender.person_at is not None:
        person = phrases.person_at.format(address=sender.person_at)
    if sender.preferences_at is not None:
        preferences = phrases.preferences_at.format(address=sender.preferences_at)
    if sender.check_at is not None:
        signed = phrases.sender_at
    return {
        "as_of": phrases.as_of.format(moment=as_of),
        "why_you": phrases.why_you.format(label=about),
        "person": person,
        "preferences": preferences,
        "sender": signed.format(sender=sender.name, code=code_of(message), address=sender.check_at),
    }


def signature(sender: Sender, phrases: Phrases, *, message: str) -> dict[str, str]:
    """Return who speaks, with the code: what an SMS has room for."""
    return {"sender": phrases.sender.format(sender=sender.name, code=code_of(message))}
