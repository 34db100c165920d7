"""What is wrong with a project's messages is said once, where the words are, and names its check."""

import shutil
from pathlib import Path

from rules.loader import library
from streams.project import survey_project

WRONG = "We apologise for any inconvenience."


def test_a_finding_of_the_lint_ends_with_the_name_of_the_check_that_docs_lint_explains(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    rule = (library() / "late-parcel.yaml").read_text("utf-8").replace("We are sorry.", WRONG)
    (tmp_path / "rules" / "late-parcel.yaml").write_text(rule, "utf-8")
    shutil.copy(library() / "late-parcel.de.yaml", tmp_path / "rules")
    line = 1 + rule[: rule.index(WRONG)].count("\n")

    (fault,) = survey_project(tmp_path).warnings

    assert not fault.warning
    assert fault.place.startswith(f"rules/late-parcel.yaml:{line}:")
    assert fault.remedy.endswith(" [non-apology]")


def a_project(folder: Path, **files: str) -> Path:
    (folder / "rules").mkdir()
    (folder / "rules" / "late-parcel.yaml").write_text(files["rule"], "utf-8")
    for name in ("choices", "tellfirst"):
        (folder / f"{name}.yaml").write_text(files.get(name, ""), "utf-8")
    return folder


def test_a_wording_that_is_missing_is_said_once(tmp_path: Path) -> None:
    rule = (library() / "late-parcel.yaml").read_text("utf-8").replace("    is late: ", "    is laet: ")

    facts = [fault.fact for fault in survey_project(a_project(tmp_path, rule=rule)).warnings]

    assert len([fact for fact in facts if "no wording for `is late`" in fact]) == 1


def test_a_choice_is_not_called_unknown_while_the_choices_are_at_fault(tmp_path: Path) -> None:
    rule = (library() / "late-parcel.yaml").read_text("utf-8").replace("choices: []", "choices: [wait]")

    faults = survey_project(a_project(tmp_path, rule=rule, choices="wait: {en: [I, wait]}")).warnings

    assert [fault.place.split(":")[0] for fault in faults] == ["choices.yaml"]


def test_a_language_that_is_none_is_one_fault(tmp_path: Path) -> None:
    rule = (library() / "late-parcel.yaml").read_text("utf-8").replace("language: en\n", "")

    (fault,) = survey_project(a_project(tmp_path, rule=rule, tellfirst="language: klingon")).warnings

    assert fault.fact == "'klingon' is not a language"
