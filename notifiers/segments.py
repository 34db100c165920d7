"""How many segments a text takes as SMS: the GSM alphabet where it suffices, else UCS-2 (3GPP TS 23.038 and TS 23.040)."""

from string import ascii_letters, digits
from typing import NamedTuple

GSM = frozenset(ascii_letters + digits + " \n\r@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà")
EXTENDED = frozenset("\f^{}\\[~]|€")
BEYOND_UCS2 = 0xFFFF


class Alphabet(NamedTuple):
    """alone, joined: how many units fit into a message of one segment, and into each of several."""

    name: str
    alone: int
    joined: int
    bits: int


GSM_7 = Alphabet("GSM-7", 160, 153, 7)
UCS_2 = Alphabet("UCS-2", 70, 67, 16)


class Size(NamedTuple):
    """units: septets in GSM-7, where a sign of the extension table takes two; 16-bit units in UCS-2. segments: at least 1."""

    alphabet: Alphabet
    units: int
    segments: int

    @property
    def bits(self) -> int:
        return self.units * self.alphabet.bits


def size(text: str) -> Size:
    """Return the size of a text; no sign of two units is cut by the end of a segment."""
    alphabet = GSM_7 if all(sign in GSM or sign in EXTENDED for sign in text) else UCS_2
    widths = [_width(sign, alphabet) for sign in text]
    units = sum(widths)
    return Size(alphabet, units, 1 if units <= alphabet.alone else _joined(widths, alphabet.joined))


def _width(sign: str, alphabet: Alphabet) -> int:
    wide = sign in EXTENDED if alphabet is GSM_7 else ord(sign) > BEYOND_UCS2
    return 2 if wide else 1


def _joined(widths: list[int], room: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments
