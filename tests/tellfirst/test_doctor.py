"""`doctor` finds what is wrong, and says so in one line each."""

import json
from contextlib import closing
from pathlib import Path

from storage.sqlite import open_store
from tests.tellfirst.conftest import Ask


def findings(ask: Ask, project: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for each in json.loads(ask("--project", str(project), "doctor", "--json").stdout):
        found.setdefault(each["look"], []).append(each)
    return found


def test_a_sound_project_is_well(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "doctor")

    assert answer.exit_code == 0
    assert "11 rules" in answer.stdout
    assert set(findings(ask, project)) == {"versions", "names", "time zones", "project", "disk", "store"}


def test_faults_of_the_project_are_findings(ask: Ask, project: Path) -> None:
    (project / "rules" / "late-parcel.yaml").write_text("rule: late\nwach: parcel\n")

    assert ask("--project", str(project), "doctor").exit_code == 1
    assert any("wach" in str(each["fact"]) and each["well"] is False for each in findings(ask, project)["project"])


def test_who_writes_to_the_store_is_named(ask: Ask, project: Path) -> None:
    with closing(open_store(project / "data")):
        held = findings(ask, project)["store"]

    assert any("writes to this store" in str(each["fact"]) for each in held)
    assert findings(ask, project)["store"][-1]["fact"] == "nobody writes to it now"


def test_a_store_that_is_none_is_found(ask: Ask, project: Path) -> None:
    (project / "data").mkdir()
    (project / "data" / "store.db").write_bytes(b"this is no database, whatever it is" * 100)

    answer = ask("--project", str(project), "doctor")

    assert answer.exit_code == 1
    assert findings(ask, project)["store"][0]["well"] is False


def test_what_cannot_be_read_or_locked_is_a_finding_too(ask: Ask, project: Path) -> None:
    with closing(open_store(project / "data")):
        pass
    (project / "data" / "store.lock").unlink()
    (project / "data" / "store.lock").mkdir()
    (project / "rules" / "folder.yaml").mkdir()

    found = findings(ask, project)

    assert str(found["store"][-1]["fact"]).startswith("this user can only look at it")
    assert "folder.yaml" in str(found["project"][0]["fact"])
