"""A run that is killed loses nothing and doubles nothing; the long proof is in tests/slow."""

from pathlib import Path

from tests.tellfirst.killing import kill_while_sending


def test_a_run_that_is_killed_three_times_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    came_to = kill_while_sending(tmp_path / "shop", events=3_000, kills=3, seed=1)

    assert (came_to["applied"], came_to["problems"]) == (3_060, 60)
