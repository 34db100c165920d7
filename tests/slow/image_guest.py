"""Within namespaces of its own: run an image as nobody, without any right, and write to stdout as JSON what was seen.

IMAGE: what is run. PROJECT: its folder. FOLDER: where images and what must survive are. The network has loopback alone.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

ADDRESS = "http://127.0.0.1:8787"
NOBODY = 65532
RULE = "payment-failing"
WAIT_SECONDS = 60
TRIES_TO_WRITE = "import pathlib; pathlib.Path('/opt/tellfirst/mine').write_text('mine')"


class Container:
    """One life of an image. mounts: what stands where, as podman writes it."""

    def __init__(self, image: str, folder: Path, mounts: Sequence[str]) -> None:
        self._podman = [
            *("podman", "--storage-driver=overlay", f"--root={folder}/store", f"--runroot={folder}/run"),
            *(f"--tmpdir={folder}/tmp", "--cgroup-manager=cgroupfs", "--events-backend=none"),
        ]
        self._id = self._ask(
            *("run", "--detach", "--cgroups=disabled", "--network=host", "--health-interval=disable"),
            *("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"),
            *("--read-only", "--tmpfs=/tmp", "--cap-drop=all", "--security-opt=no-new-privileges"),
            *(f"--volume={mount}" for mount in mounts),
            *("--env=TELLFIRST_TOKEN_FILE=/run/secrets/token", image),
        ).strip()

    def remove(self) -> None:
        self._ask("rm", "--force", "--time=0", self._id)

    def _ask(self, *words: str) -> str:
        done = subprocess.run([*self._podman, *words], capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise SystemExit(f"podman {words[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def tellfirst(self, *words: str) -> str:
        return self._ask("exec", self._id, "tellfirst", *words)

    def may_write(self) -> bool:
        done = subprocess.run([*self._podman, "exec", self._id, "python", "-c", TRIES_TO_WRITE], capture_output=True, timeout=60)
        return done.returncode == 0

    def is_well(self) -> bool:
        """Whether the image's own health check says so."""
        return subprocess.run([*self._podman, "healthcheck", "run", self._id], capture_output=True, timeout=60).returncode == 0

    def rights(self) -> dict[str, str]:
        """Return what the kernel says of the process: its user, its capabilities, whether it may get more."""
        process = self._ask("inspect", "--format={{.State.Pid}}", self._id).strip()
        return dict(re.findall(r"^(Uid|CapEff|CapBnd|NoNewPrivs):\s+(\w+)", Path(f"/proc/{process}/status").read_text(), re.M))

    def wait_until_ready(self) -> int:
        return _until(lambda: _status("/readyz"), self.logs)

    def stop(self) -> tuple[int, float]:
        """Return its exit code, and after how many seconds."""
        asked = time.monotonic()
        self._ask("stop", "--time=30", self._id)
        took = time.monotonic() - asked
        return int(self._ask("inspect", "--format={{.State.ExitCode}}", self._id)), took

    def logs(self) -> str:
        done = subprocess.run([*self._podman, "logs", self._id], capture_output=True, text=True, timeout=60, check=False)
        return done.stdout + done.stderr


def _until(look: Callable[[], T], explain: Callable[[], str]) -> T:
    """Return what a look sees, once it sees something."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise SystemExit(f"waited {WAIT_SECONDS} s: {explain()}")


def _status(path: str, *, token: str | None = None, body: bytes | None = None) -> int:
    """Return the status of an answer, 0 where there is none."""
    headers = {"content-type": "application/x-ndjson"} | ({"authorization": f"Bearer {token}"} if token else {})
    try:
        return int(urllib.request.urlopen(urllib.request.Request(ADDRESS + path, body, headers), timeout=10).status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def events() -> bytes:
    """A customer for whom it is day, and a payment of hers that fails now."""
    now = datetime.now(UTC)
    data = {
        "customer.updated": {
            "customer_id": "C1",
            "email": "ada@example.com",
            "language": "en",
            "zone": f"Etc/GMT{now.hour - 12:+d}",
        },
        "payment.failed": {"order_id": "O1", "customer_id": "C1", "amount": 12.5, "currency": "EUR"},
    }
    envelope = {"specversion": "1.0", "source": "shop", "time": now.isoformat()}
    return b"\n".join(json.dumps({**envelope, "id": kind, "type": kind, "data": own}).encode() for kind, own in data.items())


def live(container: Container, token: str) -> dict[str, Any]:
    seen: dict[str, Any] = {"ready": container.wait_until_ready(), "is_well": container.is_well(), "rights": container.rights()}
    seen["may_write"] = container.may_write()
    container.tellfirst("rules", "publish", RULE, "--live")
    seen["without_token"] = _status("/events", body=events())
    seen["with_token"] = _status("/events", token=token, body=events())
    outbox = _until(lambda: json.loads(container.tellfirst("notify", "outbox", "--json")), container.logs)
    seen["told"] = [message["title"] for message in outbox]
    seen["stacks"] = json.loads(container.tellfirst("doctor", "--bundle", "-"))["stacks"]["all"]
    seen["exit"], seen["seconds"] = container.stop()
    return seen


def main(image: str, project: Path, folder: Path) -> None:
    data, secret, token = folder / "data", folder / "token", secrets.token_urlsafe()
    data.mkdir()
    os.chown(data, NOBODY, NOBODY)
    secret.write_text(f"{token}\n")
    container = Container(image, folder, [f"{project}:/project:ro", f"{data}:/project/data", f"{secret}:/run/secrets/token:ro"])
    try:
        print(json.dumps(live(container, token)))
    finally:
        container.remove()


if __name__ == "__main__":
    subprocess.run(["umount", "/sys/fs/cgroup/unified"], capture_output=True)  # crun cannot use a mount of both generations
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
