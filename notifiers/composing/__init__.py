"""A notice and what is known of it in, a message in the customer's words out."""

from notifiers.composing.composer import Composer, Draft, lay_out
from notifiers.composing.sender import Sender
from notifiers.composing.spelling import CannotSay
from notifiers.composing.story import Occasion

__all__ = ["CannotSay", "Composer", "Draft", "Occasion", "Sender", "lay_out"]
