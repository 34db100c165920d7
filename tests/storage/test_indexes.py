"""What runtimes and courier ask often is found by an index, never by reading a whole table."""

import pytest

from storage import batch_writes, courier_writes, problem_writes, questions
from storage.sqlite import open_memory
from tests.storage.builders import a_message, a_notice, a_phase, add, an_attempt

OFTEN = {
    name: text % "?, ?" if "%s" in text else text
    for module in (questions, batch_writes, problem_writes, courier_writes)
    for name, text in vars(module).items()
    if name.isupper() and isinstance(text, str) and text.split()[0] in ("SELECT", "UPDATE", "DELETE")
}
OWN_ROWS = ("SCAN CONSTANT ROW",)
WHOLE = {"LAYOUTS", "RULE_STATES", "SILENCES", "SILENCES_AT", "DEAD_LETTERS", "SLOTS", "CASES_OF", "PARTS_OF", "TOPIC_IDS"}
IN_ORDER = {"NUMBERED"}  # of its key, and no more than its limit
AT_A_START = {"ARMED"}


def plan(text: str) -> list[str]:
    store = open_memory()
    add(store, a_phase(), a_notice(), a_message(), an_attempt())
    steps = store.session.rows(f"EXPLAIN QUERY PLAN {text}", *[None] * text.count("?"))
    return [step for *_, step in steps]


@pytest.mark.parametrize("name", sorted(OFTEN.keys() - WHOLE - IN_ORDER - AT_A_START))
def test_it_is_found_by_an_index(name: str) -> None:
    scans = [step for step in plan(OFTEN[name]) if step.startswith("SCAN") and step not in OWN_ROWS]
    assert [step for step in scans if "INDEX" not in step] == []


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("NEXT_NOTICE", "notices_to_ask"),
        ("NEXT_PROMISE", "promises_to_keep"),
        ("NEXT_HAND_OVER", "problems_to_hand_over"),
        ("DUE", "notices_to_ask"),
        ("DUE_TO_THESE", "notices_to_ask"),
        ("ASK_AGAIN", "notices_held"),
        ("TOLD_TO", "notices_told_to"),
        ("TO_KEEP", "promises_to_keep"),
        ("HAND_OVERS", "problems_to_hand_over"),
    ],
)
def test_it_is_found_by_its_own_index(name: str, index: str) -> None:
    assert any(index in step for step in plan(OFTEN[name]))
