"""A packed memory made small by what those of its kind have in common, and back; some 3 µs there, 1 µs back."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from zstandard import DICT_TYPE_RAWCONTENT, ZstdCompressionDict, ZstdCompressor, ZstdDecompressor, ZstdError, train_dictionary

LEVEL = 1
LEARNT = 8 * 1024
SAMPLES = 256
FIRST, MORE = 64, 4


class Way(NamedTuple):
    """mark: the byte before what was pressed this way."""

    mark: bytes
    press: Callable[[bytes], bytes]
    restore: Callable[[memoryview], bytes]


class Press:
    """It learns from what it presses: after the first 64, and again whenever they have become four times as many.

    What was pressed can be restored by the same press only: it is for memory, not for the store.
    """

    def __init__(self) -> None:
        self._newest: deque[bytes] = deque(maxlen=SAMPLES)
        self._pressed, self._learns_at = 0, FIRST
        self._ways = [_way(0, ())]

    def press(self, packed: bytes) -> bytes:
        self._newest.append(packed)
        self._pressed += 1
        if self._pressed == self._learns_at:
            self._ways.append(_way(len(self._ways), self._newest))
            self._learns_at *= MORE
        way = self._ways[-1]
        return way.mark + way.press(packed)

    def restore(self, pressed: bytes) -> bytes:
        return self._ways[pressed[0]].restore(memoryview(pressed)[1:])


def _way(number: int, samples: Iterable[bytes]) -> Way:
    learnt = _learnt([*samples])
    compressor = ZstdCompressor(LEVEL, dict_data=learnt, write_checksum=False, write_dict_id=False)
    return Way(bytes((number,)), compressor.compress, ZstdDecompressor(dict_data=learnt).decompress)


def _learnt(samples: list[bytes | bytearray | memoryview]) -> ZstdCompressionDict:
    """Of too few or too simple ones nothing can be learnt but themselves."""
    try:
        learnt = train_dictionary(LEARNT, samples)
    except ZstdError:
        learnt = ZstdCompressionDict(b"".join(samples)[:LEARNT], dict_type=DICT_TYPE_RAWCONTENT)
    learnt.precompute_compress(level=LEVEL)
    return learnt
