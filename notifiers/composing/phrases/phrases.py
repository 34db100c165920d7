"""Which sentences the system adds to a message, or says on its own."""

from msgspec import Struct


class Phrases(Struct, frozen=True, kw_only=True):
    """Beside a message; in place of a rule's own words; to the desk. `…_at` is the sentence with an address."""

    nothing_to_do: str
    choices: str
    noticed_late: str
    hear_again: str
    hear_again_short: str
    as_of: str
    why_you: str
    person: str
    person_at: str
    preferences: str
    preferences_at: str
    sender: str
    sender_at: str

    nothing_new: str
    known_now: str
    cannot_see: str
    still_on_it: str
    corrected: str
    no_longer_so: str
    wrote: str
    private: str
    private_effect: str
    several: str

    to_desk: str
    open_too_long: str
    no_news: str
    fourth_notice: str
    told_too_often: str
    gave_up: str
    cannot_say: str
    nobody_known: str
    complained: str
