"""What was pressed comes back as it was, whatever was learnt meanwhile; what is alike becomes small."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from streams.pressing import FIRST, MORE, Press


def packed(number: int) -> bytes:
    return b"".join(blake2b(b"%d" % field).digest()[:8] + b"%d" % (number * field % 97) for field in range(40))


@given(st.lists(st.binary(), max_size=3), st.integers(0, FIRST * MORE))
def test_whatever_was_pressed_comes_back(some: list[bytes], between: int) -> None:
    press = Press()
    pressed = [press.press(each) for each in some]
    for number in range(between):
        press.press(b"%d" % (number // 100))

    assert [press.restore(each) for each in pressed] == some


def test_what_was_pressed_before_something_was_learnt_comes_back_too() -> None:
    press = Press()
    pressed = [press.press(packed(number)) for number in range(2 * FIRST * MORE)]

    assert [press.restore(each) for each in pressed] == [packed(number) for number in range(2 * FIRST * MORE)]


def test_what_is_like_the_others_becomes_small() -> None:
    press = Press()
    before = press.press(packed(0))
    for number in range(1, FIRST):
        press.press(packed(number))

    assert len(press.press(packed(100))) < len(before) / 2
