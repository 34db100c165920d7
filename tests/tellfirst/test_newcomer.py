"""A newcomer's path, in an empty folder: make a project, change a rule, break it in every way, mend it, and ask why."""

import json
import re
from pathlib import Path

import pytest

from tests.tellfirst.conftest import Ask

LINE = re.compile(r"(?P<place>[\w./-]+:\d+:\d+)  (?P<fact>.+?) — (?P<remedy>.+)")
RULE = "rules/late-parcel.yaml"

BREAKS = {
    "a key is misspelt": (
        RULE,
        "longer_than: 36h",
        "longer_then: 36h",
        "unknown key `longer_then`",
        "did you mean `longer_than`?",
    ),
    "a length has words": (RULE, "longer_than: 36h", "longer_than: 2 weeks", "'2 weeks' is not a duration", "such as 14d"),
    "an event is unknown": (
        RULE,
        "silence: delivery.scanned",
        "silence: delivery.scaned",
        "`delivery.scaned`",
        "`delivery.scanned`",
    ),
    "a fact is unknown": (
        RULE,
        "if: has(promised)",
        "if: has(promissed)",
        "unknown name `promissed`",
        "did you mean `promised`?",
    ),
    "a wording is missing": (
        RULE,
        '    is late: "Your parcel {{ case.label }} did not arrive on {{ promised | day }} as we promised."\n',
        "",
        "there is no wording for `is late`",
        "write `is late:` below `what`",
    ),
    "a section is missing": (
        RULE,
        '  doing: "We are asking the carrier where it is."\n',
        "",
        "`doing` is missing",
        "doing about it",
    ),
    "what is not known is said": (
        RULE,
        "{% if last_seen %}It was last seen in {{ last_seen }}. We do not know yet what holds it up."
        "{% else %}We do not know the cause yet.{% endif %}",
        "It was last seen in {{ last_seen }}.",
        "`last_seen` may be unknown here",
        "{% if last_seen %}",
    ),
    "a day is typed into a text": (
        RULE,
        "We do not know the new day yet.",
        "We expect it on 12 March 2026.",
        "`12 March` is a bare date",
        "write a fact",
    ),
    "silence is called knowledge": (RULE, "says: may be late", "says: is late", "is late", "may"),
    "a choice is unknown": (RULE, "choices: [wait, ask_us]", "choices: [wait, ask]", "there is no choice `ask`", "`ask_us`"),
    "a line stands too far in": (RULE, "  urgency: soon", "   urgency: soon", "this line does not fit", "begin both in the same"),
    "a line stands too far out": (
        RULE,
        "  channels: [email",
        "    channels: [email",
        "this line does not fit",
        "begin both in the same",
    ),
    "a colon is missing": (RULE, "watch: parcel ", "watch parcel ", "could not find expected ':'", "look at the indentation"),
    "a cause is typed into a text": (
        RULE,
        "We do not know the cause yet.{% endif %}",
        "It is late because of the snow.{% endif %}",
        "because",
        "fact",
    ),
}


@pytest.mark.parametrize(("file", "right", "wrong", "fact", "remedy"), BREAKS.values(), ids=BREAKS)
def test_what_is_broken_says_place_fact_and_remedy(
    ask: Ask, shop: Path, file: str, right: str, wrong: str, fact: str, remedy: str
) -> None:
    path = shop / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    answer = ask("--project", str(shop), "rules", "check")

    assert answer.exit_code == 3
    found = [match for line in answer.stderr.splitlines() if (match := LINE.fullmatch(line))]
    assert len(found) == len(answer.stderr.splitlines()) >= 1, answer.stderr
    assert all(match["place"].startswith(file.removesuffix(".yaml")) for match in found)
    assert any(fact in match["fact"] and remedy in match["remedy"] for match in found), answer.stderr


def test_the_places_point_at_what_is_wrong(ask: Ask, shop: Path) -> None:
    path = shop / RULE
    text = path.read_text(encoding="utf-8").replace("longer_than: 36h", "longer_then: 36h")
    path.write_text(text, encoding="utf-8")
    line = text[: text.index("longer_then")].count("\n") + 1

    answer = ask("--project", str(shop), "rules", "check")

    assert answer.stderr == f"{RULE}:{line}:5  unknown key `longer_then` — did you mean `longer_than`?\n"


def test_several_faults_are_told_in_one_run(ask: Ask, shop: Path) -> None:
    path = shop / RULE
    text = path.read_text(encoding="utf-8").replace("urgency: soon", "urgency: soonish").replace("owner:", "owned_by:")
    path.write_text(text, encoding="utf-8")
    (shop / "tellfirst.yaml").write_text("zone: Europe/Berlim\n")

    lines = ask("--project", str(shop), "rules", "check").stderr.splitlines()

    assert [line.split("  ")[0].partition(":")[0] for line in lines] == ["tellfirst.yaml", RULE, RULE]


def test_a_broken_rule_stops_neither_the_tests_of_the_others_nor_doctor(ask: Ask, shop: Path) -> None:
    path = shop / RULE
    path.write_text(path.read_text(encoding="utf-8").replace("watch: parcel", "watch: parcle"), encoding="utf-8")

    tests = ask("--project", str(shop), "rules", "test")
    doctor = ask("--project", str(shop), "doctor")

    assert (tests.exit_code, "7 passed, 0 failed" in tests.stdout) == (3, True)
    assert "`parcle`" in tests.stderr and "`parcel`" in tests.stderr
    assert doctor.exit_code == 1 and "`parcle`" in doctor.stdout


def test_from_an_empty_folder_to_why(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")

    assert ask("init").exit_code == 0
    rule = Path(RULE)
    rule.write_text(rule.read_text().replace("We are asking the carrier where it is.", "We ask the carrier every morning."))
    assert ask("rules", "check").exit_code == 0
    assert ask("rules", "test").exit_code == 0
    assert "We ask the carrier every morning." in ask("notify", "preview", "late-parcel", "--channel", "email").stdout
    assert ask("events", "replay", "samples/week.jsonl").exit_code == 0

    story = json.loads(ask("why", "parcel/P1", "--json").stdout)

    told = [notice for problem in story["problems"] for notice in problem["notices"] if notice["answer"] == "told"]
    assert [notice["phase"] for notice in told] == ["opened", "cleared"]
    assert any("We ask the carrier every morning." in message["text"] for message in told[0]["messages"])
