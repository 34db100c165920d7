"""The memories of cases that are at hand: those used last as they are, others packed and pressed, all within so many bytes."""

from collections import OrderedDict
from collections.abc import Mapping
from itertools import islice
from sys import getsizeof

from contracts.ids import kind_of
from rules.memory import Memory
from rules.packing import pack, unpack
from rules.plan import CasePlan
from streams.pressing import Press

MEBIBYTE = 1 << 20
UNPACKED, EMPTY = 7, 1_000
"""An unpacked memory takes about so many times what it takes when it is packed, and so many bytes with nothing in it."""
LEAST_UNPACKED = 16
"""The part of the room that unpacked memories keep where there is too little for all."""
ENTRY = 48
"""Bytes of an entry of a large dictionary, which are more after it has grown and fewer before."""
AT_ONCE = 64
"""The part of the pressed ones that is given up at once, so that finding the oldest costs little."""


class Cache:
    """near: unpacked, the one used last at the end; pressed: the others. Others may look into both, and change neither.

    room: bytes, which may be exceeded until `make_room` is called: what is being changed stays.
    """

    def __init__(self, plans: Mapping[str, CasePlan], *, room: int) -> None:
        self._plans, self.room = plans, room
        self.near: OrderedDict[str, Memory] = OrderedDict()
        self.pressed: dict[str, bytes] = {}
        self._lengths: dict[str, int] = {}
        self._length = self._pressed_bytes = 0
        self._presses = {kind: Press() for kind in plans}

    def __len__(self) -> int:
        return len(self.near) + len(self.pressed)

    @property
    def taken(self) -> int:
        """The bytes that all of it takes: counted of what is pressed, reckoned of what is unpacked."""
        return self._unpacked_bytes + self._pressed_bytes

    @property
    def _unpacked_bytes(self) -> int:
        return UNPACKED * self._length + EMPTY * len(self.near)

    def keep(self, memory: Memory, *, packed: int = 0) -> None:
        """Keep a memory as the one used last. packed: how many bytes it is when it is packed, if that is known."""
        case = memory.case
        if case in self.near:
            self.near.move_to_end(case)
            self._length -= self._lengths[case]
        elif case in self.pressed:
            self._forget_pressed(case)
        self.near[case] = memory
        self._lengths[case] = packed
        self._length += packed

    def take_out(self, case: str) -> Memory | None:
        """Unpack a memory that was pressed, and keep it so; None where it is not here."""
        if (pressed := self.pressed.get(case)) is None:
            return None
        plan = self._plans[kind_of(case)]
        packed = self._presses[plan.kind].restore(pressed)
        memory = unpack(plan, case, packed, plan.layout)
        self.keep(memory, packed=len(packed))
        return memory

    def forget(self, case: str) -> None:
        if self.near.pop(case, None) is not None:
            self._length -= self._lengths.pop(case)
        elif case in self.pressed:
            self._forget_pressed(case)

    def _forget_pressed(self, case: str) -> None:
        self._pressed_bytes -= _size(case, self.pressed.pop(case))

    def clear(self) -> None:
        for held in (self.near, self.pressed, self._lengths):
            held.clear()
        self._length = self._pressed_bytes = 0

    def make_room(self) -> set[str]:
        """Press what was used longest ago, and then give it up, until all fits; return the kinds of what was given up."""
        given_up: set[str] = set()
        while self.taken > self.room and self._unpacked_bytes > self.room // LEAST_UNPACKED:
            self._press_oldest()
        while self.taken > self.room and self.pressed:
            given_up |= self._give_up_oldest()
        return given_up

    def _press_oldest(self) -> None:
        case, memory = self.near.popitem(last=False)
        self._length -= self._lengths.pop(case)
        plan = self._plans[kind_of(case)]
        self.pressed[case] = pressed = self._presses[plan.kind].press(pack(plan, memory))
        self._pressed_bytes += _size(case, pressed)

    def _give_up_oldest(self) -> set[str]:
        oldest = list(islice(self.pressed, 1 + len(self.pressed) // AT_ONCE))
        for case in oldest:
            self._forget_pressed(case)
        return {kind_of(case) for case in oldest}


def _size(case: str, pressed: bytes) -> int:
    return getsizeof(case) + getsizeof(pressed) + ENTRY
