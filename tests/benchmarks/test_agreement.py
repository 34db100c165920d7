"""Nobody's time counts before it is known whether they found the same; where they did not, it is said."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.agreement import difference
from benchmarks.contestants.names import OURS, PYTHON, TITLES, command, make
from benchmarks.workload.stream import stream

ORDERS = 500


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return stream(ORDERS, seed=7)


@pytest.mark.parametrize("peer", ["pydantic3", "faust3"])
def test_a_peer_finds_what_the_core_finds(peer: str, lines: list[bytes], tmp_path: Path) -> None:
    ours, theirs = make("core3", tmp_path / "ours"), make(peer, tmp_path / "theirs")

    ours.take(lines)
    theirs.take(lines)

    assert len(ours.found()) > 5
    assert theirs.found() == ours.found()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_core_finds_the_same_with_a_database(database: str, lines: list[bytes], tmp_path: Path) -> None:
    """A server runs as another user, who does not come into pytest's folders."""
    with TemporaryDirectory() as folder:
        alone, stored = make("core20", tmp_path), make(f"core20_{database}", Path(folder, "stored"))

        alone.take(lines)
        stored.take(lines)

        assert len(alone.found()) > 30
        assert stored.found() == alone.found()
        assert (stored.elsewhere_ns() > 0) == (database == "postgres")


def test_a_difference_is_counted_by_rule_and_has_examples() -> None:
    ours, theirs = {("late", "O1"), ("late", "O2"), ("dear", "O1")}, {("dear", "O1"), ("dear", "O3")}

    assert difference(ours, theirs) == {
        "both": 1,
        "only_ours": {"by_rule": {"late": 2}, "such_as": [("late", "O1"), ("late", "O2")]},
        "only_theirs": {"by_rule": {"dear": 1}, "such_as": [("dear", "O3")]},
    }
    assert difference(ours, ours) == {"both": 3}


def test_everybody_has_a_title_and_can_be_started() -> None:
    assert set(OURS) | set(PYTHON) < set(TITLES)
    assert all(command(name, Path("stream")) for name in TITLES)
