"""`rules`: check, test, list, explain, and the decisions about them."""

import json
import shutil
from pathlib import Path

import pytest

from tests.tellfirst.conftest import Ask


def test_a_sound_project_is_sound(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "rules", "check", "--strict")

    assert (answer.exit_code, answer.stdout) == (0, "11 rules, nothing to say against them\n")


def test_every_fault_is_a_line_with_place_fact_and_remedy(ask: Ask, project: Path) -> None:
    rule = project / "rules" / "late-parcel.yaml"
    rule.write_text(rule.read_text().replace("longer_than:", "longer_then:").replace("next_update: 24h", "next_update: 24 hours"))

    answer = ask("--project", str(project), "rules", "check")

    assert answer.exit_code == 3
    assert "unknown key `longer_then` — did you mean `longer_than`?" in answer.stderr
    assert all(line.startswith("rules/late-parcel.yaml:") and " — " in line for line in answer.stderr.splitlines())
    assert len(answer.stderr.splitlines()) > 1

    as_json = ask("--project", str(project), "rules", "check", "--json")
    assert (as_json.exit_code, len(json.loads(as_json.stdout)["faults"])) == (3, len(answer.stderr.splitlines()))


def test_a_rule_without_tests_is_refused_when_strict(ask: Ask, project: Path) -> None:
    rule = project / "rules" / "late-parcel.yaml"
    rule.write_text(rule.read_text().partition("\ntests:")[0] + "\n")

    assert ask("--project", str(project), "rules", "check").exit_code == 0
    strict = ask("--project", str(project), "rules", "check", "--strict")
    assert strict.exit_code == 1
    assert "`late-parcel` has no tests" in strict.stdout


def test_too_many_urgent_rules_are_warned_of(ask: Ask, project: Path) -> None:
    for name in ("late-parcel", "payment-failing"):
        rule = project / "rules" / f"{name}.yaml"
        rule.write_text(rule.read_text().replace("urgency: soon", "urgency: now"))

    answer = ask("--project", str(project), "rules", "check")

    assert answer.exit_code == 0
    assert "2 of 11 rules are `now`" in answer.stdout


def test_the_examples_in_the_rules_are_run(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "rules", "test", "payment-failing", "--json")

    report = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert (report["passed"], report["failed"], {each["rule"] for each in report["tests"]}) == (5, 0, {"payment-failing"})
    assert set(report["tests"][0]) == {"rule", "name", "passed", "difference"}


def test_an_example_that_does_not_hold_shows_the_difference(ask: Ask, project: Path) -> None:
    rule = project / "rules" / "payment-failing.yaml"
    rule.write_text(rule.read_text().replace("{at: 1h, opened: first", "{at: 2h, opened: first", 1))

    answer = ask("--project", str(project), "rules", "test", "payment-failing")

    assert answer.exit_code == 1
    assert "FAIL  payment-failing: the first failure" in answer.stdout
    assert "- {at: 2h" in answer.stdout and "+ {at: 1h" in answer.stdout


def test_a_faulty_rule_keeps_no_other_from_its_tests(ask: Ask, project: Path) -> None:
    path = project / "rules" / "late-parcel.yaml"
    path.write_text(path.read_text().replace("longer_than:", "longer:"))

    answer = ask("--project", str(project), "rules", "test", "--json")

    assert answer.exit_code == 3
    found = json.loads(answer.stdout)
    assert found["passed"] > 0 and {each["rule"] for each in found["tests"]}.isdisjoint({"late-parcel"})
    assert found["faults"] and all(each.startswith("rules/late-parcel.yaml:") for each in found["faults"])


def test_a_rule_is_explained_in_words_and_in_cel(ask: Ask, project: Path) -> None:
    words = ask("--project", str(project), "rules", "explain", "late-parcel").stdout
    cel = ask("--project", str(project), "rules", "explain", "late-parcel", "--cel").stdout

    assert "no delivery.scanned for 1d12h after shipment.handed_over" in words
    assert "promised - now >= 24h" in words
    assert 'duration("86400s")' in cel


def test_a_rule_is_explained_as_the_python_that_runs(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "rules", "explain", "late-parcel", "--code", "--json")

    chapters = {each["title"]: each["lines"] for each in json.loads(answer.stdout)["chapters"]}
    assert "def delivery_scanned(memory, event, watermark):" in chapters["delivery.scanned"]
    assert any(line.endswith("# late-parcel: silent") for line in chapters["delivery.scanned"])
    assert "order.placed" not in chapters


def test_how_exact_a_window_is_is_said(ask: Ask, project: Path) -> None:
    words = ask("--project", str(project), "rules", "explain", "allowance-nearly-used").stdout

    assert "exact to 64 events; beyond that" in words


def test_a_misspelt_rule_is_answered_with_the_nearest(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "rules", "explain", "late-parcle")

    assert answer.exit_code == 2
    assert "did you mean `late-parcel`?" in answer.stderr


def test_a_rule_is_published_paused_and_put_back_into_shadow(ask: Ask, project: Path) -> None:
    def stage() -> str:
        rules = json.loads(ask("--project", str(project), "rules", "list", "--json").stdout)
        return str(next(each["stage"] for each in rules if each["rule"] == "late-parcel"))

    seen = [stage()]
    for words in (["publish", "late-parcel", "--live"], ["pause", "late-parcel"], ["publish", "late-parcel", "--shadow"]):
        assert ask("--project", str(project), "rules", *words).exit_code == 0
        seen.append(stage())

    assert seen == ["None", "live", "paused", "shadow"]


@pytest.mark.parametrize("words", [["publish", "late-parcel"], ["publish", "late-parcel", "--live", "--shadow"]])
def test_publish_must_say_how(ask: Ask, project: Path, words: list[str]) -> None:
    assert ask("--project", str(project), "rules", *words).exit_code == 2


def test_a_rule_that_the_store_knows_can_be_paused_while_its_file_is_at_fault(ask: Ask, project: Path) -> None:
    ask("--project", str(project), "rules", "publish", "late-parcel", "--live")
    (project / "rules" / "late-parcel.yaml").write_text("rule: [")

    assert ask("--project", str(project), "rules", "pause", "late-parcel").exit_code == 0


def test_silence_is_asked_for_listed_and_ended(ask: Ask, project: Path) -> None:
    added = ask("--project", str(project), "silence", "add", "--rule", "late-parcel", "--for", "4h", "--why", "strike", "--json")
    silence = json.loads(added.stdout)["silence"]

    assert "rule late-parcel" in ask("--project", str(project), "silence", "list").stdout
    assert ask("--project", str(project), "silence", "end", silence).exit_code == 0
    assert ask("--project", str(project), "silence", "list").stdout == "Nothing is silenced.\n"
    assert silence in ask("--project", str(project), "silence", "list", "--all").stdout


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--for", "4 h"],
        ["--for", "4h", "--until", "2030-01-01T00:00:00Z"],
        ["--until", "tomorrow"],
        ["--until", "2020-01-01T00:00:00Z"],
    ],
)
def test_a_silence_must_have_an_end_that_is_to_come(ask: Ask, project: Path, words: list[str]) -> None:
    answer = ask("--project", str(project), "silence", "add", "--why", "strike", *words)

    assert (answer.exit_code, " — " in answer.stderr) == (2, True)


def test_decisions_answer_as_json_too(ask: Ask, week: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(week, tmp_path / "copy")

    for words, fact in (
        (["pause", "late-parcel"], "paused, what it finds waits"),
        (["publish", "late-parcel", "--live"], "live, it tells what becomes true from now on"),
        (["release", "late-parcel"], "the breaker holds nothing of it"),
        (["withdraw", "late-parcel"], "the breaker holds nothing of it"),
    ):
        assert json.loads(ask("--project", str(folder), "rules", *words, "--json").stdout) == {
            "rule": "late-parcel",
            "fact": fact,
        }


def test_the_end_of_a_silence_answers_as_json_too(ask: Ask, week: Path, tmp_path: Path) -> None:
    folder = str(shutil.copytree(week, tmp_path / "copy"))
    silence = json.loads(ask("--project", folder, "silence", "add", "--why", "a strike", "--for", "4h", "--json").stdout)[
        "silence"
    ]

    assert json.loads(ask("--project", folder, "silence", "end", silence, "--json").stdout) == {
        "silence": silence,
        "fact": "ended",
    }


def test_a_rule_that_was_live_all_along_says_so(ask: Ask, week: Path) -> None:
    assert "live from the first event on" in ask("--project", str(week), "rules", "list").stdout


def test_the_shipped_rules_hold_in_a_project_of_any_zone(ask: Ask, project: Path) -> None:
    (project / "tellfirst.yaml").write_text("zone: Asia/Tokyo\n")

    answer = ask("--project", str(project), "rules", "test")

    assert (answer.exit_code, "0 failed" in answer.stdout) == (0, True)


def test_the_schema_knows_the_event_types_and_choices_of_the_project(ask: Ask, project: Path) -> None:
    (project / "events.yaml").write_text("types: {kettle.boiled: {cases: {kettle: kettle_id}, fields: {kettle_id: text}}}\n")
    (project / "choices.yaml").write_text("wait: {en: I will wait}\n")

    schema = json.loads(ask("--project", str(project), "rules", "schema").stdout)

    assert "kettle.boiled" in schema["$defs"]["event"]["enum"]
    assert schema["$defs"]["message"]["properties"]["choices"]["items"] == {"enum": ["wait"]}
