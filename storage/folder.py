"""The folder of an embedded store: on a disk of this machine, and one process at a time writes to it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from storage.errors import NetworkFileSystem, StoreLocked

OWNER_ALONE = 0o600
MOUNTS = Path("/proc/self/mounts")
NETWORK_TYPES = {
    *("nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "9p", "afs", "coda", "ncpfs"),
    *("ceph", "glusterfs", "lustre", "beegfs", "gpfs", "ocfs2", "orangefs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse"),
}
ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def refuse_network(folder: Path, mounts: str | None = None) -> None:
    """Raise NetworkFileSystem where locks and shared memory cannot be trusted.

    mounts: lines as in /proc/self/mounts, which is read when none are given; where there is no such file, nothing is refused.
    """
    if mounts is None:
        mounts = MOUNTS.read_text("utf-8", "replace") if MOUNTS.exists() else ""
    kind = file_system(folder.resolve(), mounts)
    if kind in NETWORK_TYPES:
        raise NetworkFileSystem(
            f"{folder}: is on a network file system ({kind}), where locks cannot be trusted — name one on a disk of this machine"
        )


def file_system(folder: Path, mounts: str) -> str | None:
    """Return the type of the file system of the deepest mount that holds the folder; of two at one place the later."""
    holding = [(len(point.parts), kind) for point, kind in _mounted(mounts) if folder.is_relative_to(point)]
    deepest = max((depth for depth, _ in holding), default=0)
    return next((kind for depth, kind in reversed(holding) if depth == deepest), None)


def _mounted(mounts: str) -> list[tuple[Path, str]]:
    lines = (line.split(" ") for line in mounts.splitlines())
    return [(Path(_unescaped(parts[1])), parts[2]) for parts in lines if len(parts) > 2]


def _unescaped(point: str) -> str:
    for escape, sign in ESCAPES.items():
        point = point.replace(escape, sign)
    return point


def put_on_disk(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class WriterLock:
    """Held from construction to release; the operating system lets go of it when the process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        """Raise StoreLocked, naming the process that writes, when another holds it."""
        self._file: IO[str] = path.open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(self._file)
            self._file.close()
            raise StoreLocked(
                f"{path.parent}: process {holder} writes to this store — stop it first; export, why and stats can read beside it"
            ) from None
        self._file.truncate(0)
        print(os.getpid(), file=self._file, flush=True)

    def release(self) -> None:
        self._file.close()


def _holder(file: IO[str]) -> str:
    file.seek(0)
    return file.read().strip() or "unknown"
