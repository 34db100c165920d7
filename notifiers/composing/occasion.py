"""Why, when and on which channel a notice is put into words."""

from msgspec import Struct


class Occasion(Struct, frozen=True, kw_only=True):
    """now: microseconds. hear_again: the deadline that the message promises, None for no promise.

    something_new: of news, whether a told fact has changed; can_see: of news, whether we see the newest state.
    """

    channel: str
    now: int
    hear_again: int | None = None
    something_new: bool = False
    can_see: bool = True
