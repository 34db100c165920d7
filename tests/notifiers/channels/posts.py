"""Messages on their way, from the real composer."""

from typing import Any

from contracts.message import Posted
from contracts.times import DAY
from notifiers.composing import Composer, Occasion, Sender, lay_out
from notifiers.gates.question import Question
from tests.notifiers.builders import CHOICES, NOON, a_customer, a_question

ADDRESSES = {"email": "jo@example.com", "phone": "+4915112345678", "name": "Jo Example"}


def a_post(
    question: Question | None = None, *, channel: str = "email", composer: Composer | None = None, **customer: Any
) -> Posted:
    question = question or a_question(customer=a_customer(**ADDRESSES | customer))
    composer = composer or Composer(choices=CHOICES, sender=Sender(name="Example Parcels"))
    return lay_out([composer.draft(question, Occasion(channel=channel, now=NOON, hear_again=NOON + DAY))])
