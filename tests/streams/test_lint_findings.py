"""What the lint finds in a project's messages stands where the words are, and names its check."""

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
