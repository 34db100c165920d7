"""Opening and closing the embedded store: who may, on what disk, and what is wrong with a file."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import (
    CannotOpen,
    NetworkFileSystem,
    NoStore,
    NotOurStore,
    ReadOnlyStore,
    StoreDamaged,
    StoreLocked,
    StoreTooNew,
    StoreTooOld,
)
from storage.folder import file_system, refuse_network
from storage.sqlite import FILE, LOCK, open_memory, open_store
from tests.storage.builders import NOON, a_case, a_notice, a_phase, add

WRITER = """
import sys
from pathlib import Path
from storage.sqlite import open_store
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""

MOUNTS = """\
/dev/vda / ext4 rw 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw 0 0
/dev/vdb /home/ada/local\\040disk ext4 rw 0 0
//server/share /mnt/share cifs rw 0 0
host:/x /mnt/sshfs fuse.sshfs rw 0 0
tmpfs /mnt/twice tmpfs rw 0 0
server:/z /mnt/twice nfs rw 0 0
"""


def writer(folder: Path) -> subprocess.Popen[str]:
    """Start another process that has the folder open for writing until its standard input ends."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    return process


def test_what_was_committed_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    store = open_store(tmp_path / "project" / "data")
    add(store, a_case())
    store.close()

    again = open_store(tmp_path / "project" / "data")

    assert again.load_cases(["parcel/P1"]) == {"parcel/P1": a_case()}
    again.close()


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 1)])
def test_a_commit_is_on_the_disk_unless_it_can_be_read_again(tmp_path: Path, *, durable: bool, synchronous: int) -> None:
    store = open_store(tmp_path, durable=durable)

    pragmas = [store.session.value(f"PRAGMA {name}") for name in ("synchronous", "journal_mode")]

    assert pragmas == [synchronous, "wal"]
    store.close()


def test_a_second_process_is_refused_by_the_number_of_the_first(tmp_path: Path) -> None:
    first = writer(tmp_path)

    with pytest.raises(StoreLocked, match=f"process {first.pid} writes to this store"):
        open_store(tmp_path)

    first.communicate()
    open_store(tmp_path).close()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    first = writer(tmp_path)
    first.kill()
    first.communicate()

    open_store(tmp_path).close()


def test_the_same_process_is_refused_too_until_it_closes(tmp_path: Path) -> None:
    store = open_store(tmp_path)

    with pytest.raises(StoreLocked, match=str(os.getpid())):
        open_store(tmp_path)

    store.close()
    open_store(tmp_path).close()


def test_what_cannot_be_opened_holds_no_lock(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nonsense" * 1000)
    for _ in range(2):
        with pytest.raises(StoreDamaged):
            open_store(tmp_path)


def test_a_reader_sees_what_the_running_writer_commits_and_cannot_write(tmp_path: Path) -> None:
    running = open_store(tmp_path)
    reader = open_store(tmp_path, read_only=True)

    add(running, a_phase(), a_notice())

    assert [line["notice"] for line in reader.export("notices")] == ["ntc_1"]
    assert reader.counts()["open"] == {"late-parcel": 1}
    with pytest.raises(ReadOnlyStore), reader.transaction():
        pass
    with pytest.raises(ReadOnlyStore):
        reader.set_used_by("run")
    reader.close()
    running.close()


def test_a_reader_sees_nothing_of_a_transaction_that_is_still_open(tmp_path: Path) -> None:
    running, seen = open_store(tmp_path), {}

    with running.transaction() as tx:
        tx.save_cases([a_case()])
        reader = open_store(tmp_path, read_only=True)
        seen["during"] = reader.load_cases(["parcel/P1"])
    seen["after"] = reader.load_cases(["parcel/P1"])

    assert seen == {"during": {}, "after": {"parcel/P1": a_case()}}
    reader.close()
    running.close()


def test_a_reader_needs_no_writer_but_a_store(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match="no store here yet"):
        open_store(tmp_path, read_only=True)
    assert list(tmp_path.iterdir()) == []
    open_store(tmp_path).close()

    open_store(tmp_path, read_only=True).close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_of_another_program_is_left_as_it_was(tmp_path: Path, *, read_only: bool) -> None:
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = (tmp_path / FILE).read_bytes()

    with pytest.raises(NotOurStore, match="recipes"):
        open_store(tmp_path, read_only=read_only)

    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused_by_name(tmp_path: Path, *, read_only: bool) -> None:
    store = open_store(tmp_path)
    store.session.change("INSERT INTO schema_versions VALUES (9999, 'the_far_future')")
    store.close()

    with pytest.raises(StoreTooNew, match="9999 .the_far_future."):
        open_store(tmp_path, read_only=read_only)


def test_an_older_schema_cannot_be_read_before_a_writer_brought_it_up_to_date(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()

    with pytest.raises(StoreTooOld):
        open_store(tmp_path, read_only=True)

    open_store(tmp_path).close()
    open_store(tmp_path, read_only=True).close()


def test_a_file_with_torn_pages_is_named_damaged(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    content = bytearray((tmp_path / FILE).read_bytes())
    content[100:4096] = b"\xff" * 3996
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(StoreDamaged, match=FILE):
        open_store(tmp_path)


def test_a_folder_in_the_way_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    with pytest.raises(CannotOpen, match=FILE):
        open_store(tmp_path)


@pytest.mark.parametrize("folder", ["/home/ada/data", "/mnt/share", "/mnt/sshfs/a/b", "/mnt/twice/data"])
def test_network_file_systems_are_refused(folder: str) -> None:
    with pytest.raises(NetworkFileSystem, match="disk of this machine"):
        refuse_network(Path(folder), MOUNTS)


@pytest.mark.parametrize("folder", ["/var/data", "/home/ada/local disk/data", "/mnt/shared", "/homes"])
def test_disks_of_this_machine_are_not_refused(folder: str) -> None:
    refuse_network(Path(folder), MOUNTS)

    assert file_system(Path(folder), MOUNTS) == "ext4"


def test_where_nothing_is_known_of_mounts_nothing_is_refused() -> None:
    refuse_network(Path("/home/ada/data"), "")


def test_a_store_in_memory_starts_empty_each_time() -> None:
    add(open_memory(), a_notice())

    assert open_memory().next_ask() is None


def test_only_the_store_and_its_lock_lie_in_the_folder_after_closing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    add(store, a_notice(ask_at=NOON))
    store.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([FILE, LOCK])
