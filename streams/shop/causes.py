"""What can go wrong for a customer, and how people take it."""

from contracts.times import HOUR
from streams.shop.outcomes import Cause

LATE = Cause("the parcel came late", 0.75, 11 * HOUR, {"en": "my parcel has not come", "de": "mein Paket ist nicht gekommen"})
LOST = Cause(
    "the parcel was lost for days",
    0.8,
    10 * HOUR,
    {"en": "nobody knows where my parcel is", "de": "niemand weiß, wo mein Paket ist"},
)
DEPOT = Cause(
    "the depot stood still", 0.7, 11 * HOUR, {"en": "my parcel is stuck somewhere", "de": "mein Paket steckt irgendwo fest"}
)
DOOR = Cause(
    "nobody was home for the parcel", 0.4, 7 * HOUR, {"en": "the carrier did not ring", "de": "der Bote hat nicht geklingelt"}
)
HELD_UP = Cause(
    "the parcel was held up", 0.55, 16 * HOUR, {"en": "my parcel does not move", "de": "mein Paket bewegt sich nicht"}
)
DAMAGED = Cause("the goods arrived damaged", 0.7, 6 * HOUR, {"en": "it arrived broken", "de": "es kam kaputt an"})
OTHER = Cause(
    "something else was in it", 0.6, 6 * HOUR, {"en": "I got somebody else's order", "de": "ich habe eine fremde Bestellung"}
)
STUCK = Cause(
    "the order was stuck", 0.6, 7 * HOUR, {"en": "nothing happens with my order", "de": "mit meiner Bestellung passiert nichts"}
)
UNPAID = Cause(
    "the payment did not go through",
    0.45,
    14 * HOUR,
    {"en": "my order waits and waits", "de": "meine Bestellung wartet und wartet"},
)
REFUND = Cause("the refund came late", 0.7, 16 * HOUR, {"en": "my money is not back", "de": "mein Geld ist nicht zurück"})
LAPSED = Cause(
    "the subscription lapsed", 0.5, 9 * HOUR, {"en": "my subscription stopped", "de": "mein Abonnement läuft nicht mehr"}
)
RAN_OUT = Cause("the allowance ran out", 0.6, 5 * HOUR, {"en": "my data is gone", "de": "mein Datenvolumen ist weg"})
RAN_AWAY = Cause("the meter ran away", 0.4, 24 * HOUR, {"en": "my meter spins like mad", "de": "mein Zähler dreht durch"})
UNANSWERED = Cause("a complaint got no answer", 0.5, 16 * HOUR, {"en": "nobody answers me", "de": "niemand antwortet mir"})
