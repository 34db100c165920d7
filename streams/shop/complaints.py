"""A complaint is raised, answered and settled; where nobody answers, that is the next trouble."""

from random import Random

from contracts.times import HOUR
from streams.shop import causes
from streams.shop.life import Complaint, Life

NAMED = ("order_id", "parcel_id")


def complaint(each: Complaint, name: str, chance: Random) -> Life:
    """Return what comes of a complaint. It is raised whatever the customer was told: nobody knows who would have kept quiet."""
    raised = each.trouble.complains
    assert raised is not None
    ids = {field: value for field, value in each.data.items() if field in NAMED}
    life = Life(chance, each.who, {**ids, "complaint_id": name})
    life.tell(raised, "complaint.raised", about=each.about)
    answered = raised + (life.between(70 * HOUR, 120 * HOUR) if life.happens(0.2) else life.between(HOUR, 26 * HOUR))
    life.tell(answered, "complaint.answered")
    life.tell(answered + life.between(HOUR, 20 * HOUR), "complaint.resolved")
    if answered - raised > 30 * HOUR:
        life.trouble(causes.UNANSWERED, f"complaint/{name}", begins=raised, felt=raised + 30 * HOUR, ends=answered)
    return life
