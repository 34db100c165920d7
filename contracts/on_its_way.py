"""A notice on its way to its customer: what is written down of it before it is sent, and again when its receipt comes."""

from msgspec import Struct

from contracts.message import Attempt
from contracts.notice import Notice


class OnItsWay(Struct, frozen=True):
    """notice: as it is to be written, with the channel and the customer that were chosen. sorry: whether its message says so."""

    notice: Notice
    attempt: Attempt
    sorry: bool
