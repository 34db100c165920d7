"""What is wrong with an expression is told with its place, the fact and the remedy, all of it in one run."""

import pytest

from rules.expression import ExpressionError, Scope, compile_where
from tests.rules.expression.scene import EVENTS, SCOPE, Memory, condition, formula


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ExpressionError) as raised:
        condition(text)
    return [(fault.offset, fault.message, fault.remedy) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("text", "offset", "message", "remedy"),
    [
        ("chnce > 0.5", 0, "unknown name `chnce`", "did you mean `chance`?"),
        (
            "tries > 1 and delivery.scanned.place == 'x'",
            14,
            "`delivery.scanned.place` is a field, not a fact",
            "place: delivery.scanned.place",
        ),
        ("tries = 3", 6, "`=` is no operator", "write `==`"),
        ("tries & limit", 6, "`&` is no operator", "write `and`"),
        ("tries > 5u", 8, "no unsigned numbers", "write `5`"),
        ("place == b'x'", 9, "no bytes", "without `b`"),
        ("place == null", 9, "`null` has no place", "not has(fact)"),
        ("place == 'x", 9, "does not end", "close it with '"),
        ("place == 'a\\q'", 11, "begins no escape", "for a backslash"),
        ("transit > 1.5h", 10, "`1.5h` is neither a number nor a duration", "such as 14d or 1d12h"),
        ("transit > 12h1d", 10, "`12h1d` is neither", "in this order"),
        ("transit > 36", 8, "between a duration and a whole number", "such as 36h"),
        ("chance > 1e999", 9, "too large", "below 1e308"),
        ("tries > 9223372036854775808", 8, "too large a whole number", "9223372036854775808"),
        ("chance % 2 == 0", 7, "between a decimal and a decimal", "whole numbers only"),
        ("1 < tries < 3", 10, "between a condition and a whole number", "brackets"),
        ("!tries > 3", 1, "this is a whole number, not a condition", "compare it"),
        ("tries", 0, "this is a whole number, not a condition", "compare it"),
        ("fragile > true", 8, "`>` cannot order conditions", "join them"),
        ("promised > 'tomorrow'", 9, "between a date and a text", '"2026-03-05"'),
        ("slot > '2026-03-02T09:00:00Z'", 5, "between an instant and a text", "timestamp("),
        ("slot > timestamp('2026-03-02')", 17, "not an instant with a zone", "timestamp('2026-03-02T09:00:00Z')"),
        ("fragile ? 1 : 'x'", 8, "a whole number or a text", "the same type"),
        ("place[0] == 'x'", 5, "no parts to index", "each field"),
        ("chnce in [1, 2, 3]", 0, "unknown name", "`chance`"),
        ("tries in 5", 9, "behind `in` stands a list", "place in ["),
        ("tries == [5]", 9, "only behind `in`", "fact in ["),
        ("place.matches('x+')", 6, "`matches` is not in the rule language", "`contains`"),
        ("sized(place) > 1", 0, "there is no function `sized`", "did you mean `size`?"),
        ("has(tries + 1)", 0, "`has` does not take these", "example"),
        ("it.amount > 1", 0, "`it` is the event at hand", "in a `where` only"),
        ("count(payment.faild, 24h) > 1", 0, "unknown event type `payment.faild`", "did you mean `payment.failed`?"),
        ("count(payment.failed) > 1", 20, "`)` does not belong here", "count(payment.failed, 24h)"),
        ("count(payment.failed, 0s) > 1", 22, "not the length of a window", "24h"),
        ("count(payment.failed.amount, 24h) > 1", 0, "counts events, not fields", "count(payment.failed, …)"),
        ("sum(payment.failed, 24h) > 1", 0, "`sum` needs a field", "payment.failed.FIELD"),
        ("sum(payment.failed.reason, 24h) > 1", 0, "cannot take a text", "count the events"),
        ("sum(payment.failed.amnt, 24h) > 1", 0, "has no field `amnt`", "did you mean `amount`?"),
        ("count(payment.failed where it.amnt > 1, 24h) > 1", 27, "no field `amnt`", "did you mean `amount`?"),
        ("count(payment.failed where chance > 1, 24h) > 1", 27, "unknown name `chance`", "facts:"),
        ("chance > 0.5 chance", 13, "`chance` does not belong here", "`and`"),
        ("", 0, "the end does not belong here", "expected here"),
        ("chance > 0.5 ยง", 13, "means nothing", "quotes"),
    ],
)
def test_a_fault_names_place_fact_and_remedy(text: str, offset: int, message: str, remedy: str) -> None:
    ((at, told, do),) = faults(text)

    assert (at, message in told, remedy in do) == (offset, True, True), f"{at}: {told} — {do}"


@pytest.mark.parametrize(
    "text",
    [
        "now == slot",
        "now - slot == 3h",
        "promised - now != 24h",
        "slot + (slot - now) > slot",
        "now + 3h > slot",
        "now - 3h > slot",
        "now - now > 3h",
        "slot - now > slot - now",
        "slot - now > chance",
        "now > transit",
        "now > now",
        "tries > now",
        "-(slot - now) < 3h",
        "slot - now + 3h > 5h",
        "since(delivery.scanned) + 1h > 36h",
        "since(delivery.scanned) > since(order.placed)",
        "since(delivery.scanned) == 36h",
        "since(place) > 36h",
        "since() > 36h",
        "has(now)",
        "now",
        "(now > slot ? slot : promised) - now > 1h",
        "slot - now > mean(payment.failed.pause, 24h)",
        "max(payment.failed.at, 24h) - now > 1h",
        "now in [slot]",
    ],
)
def test_now_stands_nowhere_but_in_its_shapes(text: str) -> None:
    (fault,) = faults(text)[:1]

    assert fault[2]


def test_all_faults_of_a_text_are_found_in_one_run() -> None:
    found = faults("chnce > 1 and place > 2 or not (promisd - now > 3h) and count(payment.faild, 1h) > 1")

    assert [offset for offset, *_ in found] == [0, 20, 32, 56]


def test_now_and_windows_can_be_out_of_scope() -> None:
    scope = Scope({}, EVENTS, it=EVENTS["payment.failed"])

    for text in ("count(payment.failed, 24h) > 1", "it.at > now", "since(order.placed) > 1h"):
        with pytest.raises(ExpressionError):
            compile_where(text, scope, Memory())


def test_a_field_named_without_it_is_told_so() -> None:
    with pytest.raises(ExpressionError, match="write `it.amount`"):
        compile_where("amount > 1", Scope({}, EVENTS, it=EVENTS["payment.failed"]), Memory())


@pytest.mark.parametrize(
    "text",
    [
        "(" * 40 + "fragile" + ")" * 40,
        "not " * 40 + "fragile",
        "!" * 40 + "fragile",
        "-" * 40 + "tries > 1",
        " + ".join(["tries"] * 40) + " > 1",
        " or ".join(["tries > 1"] * 200),
        "tries > 1" + " " * 4096,
        "fragile ? " * 40 + "true" + " : false" * 40,
        "[" * 4000,
        "-" * 4000,
        "1+" * 2000 + "1 > 0",
    ],
)
def test_cost_is_bounded(text: str) -> None:
    assert faults(text)


def test_choices_that_double_are_bounded() -> None:
    text = "fragile"
    for _ in range(15):
        text = f"({text}) == fragile"

    assert "nested too widely" in faults(text)[0][1]


def test_many_alternatives_are_not_deep() -> None:
    assert condition(" or ".join(["tries > 1"] * 120)).holds(tries=2)


def test_a_text_never_reaches_python() -> None:
    for text in ("__import__('os')", "().__class__ == 1", "(lambda: 1)() == 1", "place.__class__ == 'x'"):
        with pytest.raises(ExpressionError):
            formula(text)


def test_the_slots_are_asked_once_per_thing() -> None:
    memory = condition("tries > 1 and tries < 5 and count(payment.failed, 1h) > 1 and count(payment.failed, 1h) < 9").memory

    assert len(memory.asked) == len(set(memory.asked)) == 2
    assert SCOPE.allow_now
