"""What an SMS says, and whether it fits: two segments at most, in the alphabet of phones where the words allow it."""

import re
from collections.abc import Iterable

from notifiers.composing.spelling import CannotSay
from notifiers.segments import GSM_7, size

MOST_SEGMENTS = 2
PLAIN_SIGNS = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ",
})  # fmt: skip
LINK = re.compile(r"[a-z][a-z0-9+.-]*://|www\.", re.IGNORECASE)


def as_sms(parts: Iterable[str]) -> str:
    """Return the parts as one text, a line each; with plain quotes, dashes and blanks where that spares it UCS-2."""
    text = "\n".join(parts)
    plain = text.translate(PLAIN_SIGNS)
    return plain if size(plain).alphabet is GSM_7 else text


def fits(parts: Iterable[str]) -> bool:
    return size(as_sms(parts)).segments <= MOST_SEGMENTS


def must_fit(parts: Iterable[str]) -> None:
    """Raise CannotSay for what takes more than two segments, or holds a link: whoever gets an SMS cannot see who made it."""
    text = as_sms(parts)
    sized = size(text)
    if sized.segments > MOST_SEGMENTS:
        raise CannotSay(f"by SMS it takes {sized.segments} segments, {sized.units} signs of {sized.alphabet.name}")
    if LINK.search(text):
        raise CannotSay("an SMS carries no link")
