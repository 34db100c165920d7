"""A copy of an embedded store: what is in it, who may read it, and what is left where it cannot be made."""

from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import back_up
from storage.errors import NoStore, StoreDamaged
from storage.sqlite import FILE, open_store
from tests.storage.builders import a_case, add


def cases_of(copy: Path, folder: Path) -> set[str]:
    """Return the cases of a copy that was put in the place of a store."""
    folder.mkdir()
    copy.rename(folder / FILE)
    with closing(open_store(folder)) as store:
        return {line["case"] for line in store.export("cases")}


def test_a_copy_made_beside_the_writer_has_what_was_committed_by_then(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "data")) as store:
        add(store, a_case("parcel/P1"))
        size = back_up(tmp_path / "data", tmp_path / "copy.db")
        add(store, a_case("parcel/P2"))

        assert size == (tmp_path / "copy.db").stat().st_size
        assert cases_of(tmp_path / "copy.db", tmp_path / "again") == {"parcel/P1"}


def test_a_copy_is_one_file_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "data")) as store:
        add(store, a_case())
        (tmp_path / "copies").mkdir()
        back_up(tmp_path / "data", tmp_path / "copies" / "copy.db")

    assert [each.name for each in (tmp_path / "copies").iterdir()] == ["copy.db"]
    assert (tmp_path / "copies" / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_transaction_that_is_not_committed_is_not_in_it(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "data")) as store, store.transaction() as tx:
        tx.save_cases([a_case()])
        back_up(tmp_path / "data", tmp_path / "copy.db")

    assert cases_of(tmp_path / "copy.db", tmp_path / "again") == set()


def test_a_store_that_is_damaged_is_not_copied(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "data")) as store:
        for number in range(2_000):
            add(store, a_case(f"parcel/P{number}"))
    with (tmp_path / "data" / FILE).open("r+b") as file:
        file.seek(200_000)
        file.write(b"\xff" * 40_000)

    with pytest.raises(StoreDamaged, match="put an older one in its place"):
        back_up(tmp_path / "data", tmp_path / "copy.db")

    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_no_file_is_written_over_and_no_store_is_made(tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("yesterday's")
    open_store(tmp_path / "data").close()

    with pytest.raises(FileExistsError):
        back_up(tmp_path / "data", tmp_path / "copy.db")
    with pytest.raises(NoStore):
        back_up(tmp_path / "elsewhere", tmp_path / "new.db")

    assert (tmp_path / "copy.db").read_text() == "yesterday's"
    assert not (tmp_path / "elsewhere").exists() and not (tmp_path / "new.db").exists()
