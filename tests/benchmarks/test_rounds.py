"""Each measurement is a process of its own; one that cannot be made has its reason."""

import sys

from benchmarks.rounds import in_rounds


def says(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_everybody_is_asked_once_in_each_round() -> None:
    commands = {"one": says("print('{\"ns\": 1}')"), "two": says("print('{\"ns\": 2}')")}

    answers, failed = in_rounds(commands, 2, once={"two"})

    assert answers == {"one": [{"ns": 1}, {"ns": 1}], "two": [{"ns": 2}]}
    assert failed == {}


def test_who_fails_is_named_with_the_last_thing_said_and_the_others_go_on() -> None:
    wrong = says("import sys; print('first', file=sys.stderr); sys.exit('there is no peer')")

    answers, failed = in_rounds({"wrong": wrong, "missing": ["no-such-program"], "well": says("print('{}')")}, 2)

    assert failed == {"wrong": "there is no peer", "missing": "there is no `no-such-program` on this machine"}
    assert answers == {"well": [{}, {}]}
