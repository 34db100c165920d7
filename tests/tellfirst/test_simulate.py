"""`simulate` runs a seed again from its number, and tells its story."""

import json

from tests.tellfirst.conftest import Ask


def test_a_seed_runs_the_same_way_again_and_tells_its_story(ask: Ask) -> None:
    first, second = (ask("simulate", "--seed", "4711", "--story") for _ in range(2))

    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert first.stdout.endswith("seed 4711: all is as it must be\n")
    assert len(first.stdout.splitlines()) > 10


def test_its_document_has_no_violations(ask: Ask) -> None:
    assert json.loads(ask("simulate", "--seed", "1", "--json").stdout) == {"seed": 1, "violations": [], "story": None}
