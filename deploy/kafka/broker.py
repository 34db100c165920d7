#!/usr/bin/env python3
"""A real Apache Kafka on this machine, to try and to prove things on: one broker on loopback, made of Maven artifacts.

deploy/kafka/broker.py start [--port 9092] [--folder DIR] [--secure]    ready within seconds; on a folder of before, with its data
deploy/kafka/broker.py stop [--folder DIR] [--kill]
deploy/kafka/broker.py status [--folder DIR]

It needs a JDK 17 or newer, Maven for the first time, and openssl where it is to be secure. Nobody but this machine can reach it.
Exit codes: 0 well, 1 not running (status), 2 used wrongly, 4 it cannot start or stop.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from security import as_secure, secret_users

HERE = Path(__file__).resolve().parent
JARS = HERE / "jars"
FOLDER = HERE / "broker"
HEAP = ("-Xms128m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
READY = "Kafka Server started"
READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 30


def main() -> None:
    asked = _asked()
    folder: Path = asked.folder.resolve()
    match asked.command:
        case "start":
            start(folder, port=asked.port, secure=asked.secure)
        case "stop":
            stop(folder, kill=asked.kill)
        case "status":
            status(folder)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="broker.py", description="One real Apache Kafka on loopback.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    begin = commands.add_parser("start", help="start it, and return once it is ready")
    begin.add_argument("--port", type=int, default=9092, help="of the first listener; the next four belong to it too")
    begin.add_argument("--secure", action="store_true", help="listen with TLS and with SASL as well")
    end = commands.add_parser("stop", help="stop it, and return once it is gone")
    end.add_argument("--kill", action="store_true", help="at once, as if the machine had failed")
    commands.add_parser("status", help="say whether it runs")
    for each in commands.choices.values():
        each.add_argument("--folder", type=Path, default=FOLDER, help="where its data, its log and its secrets are")
    return parser.parse_args()


def start(folder: Path, *, port: int, secure: bool) -> None:
    began = time.monotonic()
    if (running := pid_of(folder)) is not None:
        if (address := address_of(folder)) != f"127.0.0.1:{port}":
            _give_up(f"{folder}  a broker of this folder runs at {address} — stop it first, or name another --folder")
        print(f"running already  {address}  process {running}, {folder}")
        return
    _need_room(port, secure)
    _need_jars()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "server.properties"
    settings.touch(mode=0o600)
    settings.write_text(_settings(folder, port, secure))
    _format(folder, settings)
    pid = _launch(folder, settings)
    _await_ready(folder, pid, port)
    print(f"ready  127.0.0.1:{port}  process {pid}, after {time.monotonic() - began:.1f} s, {folder}")


def _need_room(port: int, secure: bool) -> None:
    for each in range(port, port + (5 if secure else 2)):
        with socket.socket() as probe, suppress(ConnectionRefusedError):
            probe.connect(("127.0.0.1", each))
            _give_up(f"127.0.0.1:{each}  the address is taken — stop the other process, or name another --port")


def _need_jars() -> None:
    """Have the artifacts in place, each with the bytes that it must have; of two that begin at once, one fetches them."""
    with (HERE / "pom.xml").open() as held:
        flock(held, LOCK_EX)
        said = _fetch() if _wrong_jars() else ""
    if wrong := _wrong_jars():
        fact = f"{len(wrong)} artifacts are missing or not those of jars.sha256 ({', '.join(wrong[:3])})"
        _give_up(f"{JARS}  {fact} — fetch again\n{said}".rstrip())


def _fetch() -> str:
    """Fetch the artifacts anew, and return what Maven says of it."""
    _need("mvn", "install Maven, which fetches the broker's artifacts once")
    shutil.rmtree(JARS, ignore_errors=True)
    into = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={JARS}"]
    command = ["mvn", "-q", "-B", "-Dstyle.color=never", "-f", str(HERE / "pom.xml"), *into]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout


def _wrong_jars() -> list[str]:
    said = dict(reversed(line.split()) for line in (HERE / "jars.sha256").read_text().splitlines())
    found = {jar.name: sha256(jar.read_bytes()).hexdigest() for jar in JARS.glob("*.jar")}
    return sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))


def _settings(folder: Path, port: int, secure: bool) -> str:
    listeners = [f"PLAINTEXT://127.0.0.1:{port}", f"CONTROLLER://127.0.0.1:{port + 1}"]
    lines = [(HERE / "server.properties").read_text()]
    if secure:
        _need("openssl", "install it, for the certificates")
        listeners += [f"SSL://127.0.0.1:{port + 2}", f"SASL_PLAINTEXT://127.0.0.1:{port + 3}", f"SASL_SSL://127.0.0.1:{port + 4}"]
        lines += as_secure(folder)
    lines += [
        f"listeners={','.join(listeners)}",
        f"advertised.listeners={','.join(each for each in listeners if not each.startswith('CONTROLLER'))}",
        f"controller.quorum.voters=1@127.0.0.1:{port + 1}",
        f"log.dirs={folder / 'data'}",
    ]
    return "\n".join(lines) + "\n"


def _format(folder: Path, settings: Path) -> None:
    """Prepare a new folder; users who log in by SCRAM are made here and nowhere else."""
    if (folder / "data" / "meta.properties").exists():
        return
    cluster = secrets.token_urlsafe(16).replace("-", "A")
    users = [word for user in secret_users(folder) for word in ("--add-scram", user)]
    command = [*_java("-XX:TieredStopAtLevel=1"), "kafka.tools.StorageTool", "format", "-t", cluster, "-c", settings, *users]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        _give_up(f"{folder}  the folder cannot be prepared:\n{done.stdout}")


def _launch(folder: Path, settings: Path) -> int:
    with (folder / "broker.log").open("wb") as log:
        command = [*_java(*HEAP), "kafka.Kafka", settings]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    (folder / "pid").write_text(str(process.pid))
    return process.pid


def _java(*options: str) -> list[str]:
    _need("java", "install a JDK 17 or newer")
    log4j = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
    return ["java", *options, "-Djava.net.preferIPv4Stack=true", log4j, "-cp", f"{JARS}/*"]


def _await_ready(folder: Path, pid: int, port: int) -> None:
    log = folder / "broker.log"
    for _ in range(READY_WITHIN_SECONDS * 20):
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            (folder / "pid").unlink()
            _give_up(f"{folder}  the broker ended while it started:\n{_end_of(log)}")
        if READY in log.read_text(errors="replace") and _answers(port):
            return
        time.sleep(0.05)
    stop(folder, kill=True)
    _give_up(f"{folder}  the broker was not ready within {READY_WITHIN_SECONDS} s:\n{_end_of(log)}")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def stop(folder: Path, *, kill: bool) -> None:
    pid = pid_of(folder)
    if pid is None:
        print(f"not running, {folder}")
        return
    os.kill(pid, signal.SIGKILL if kill else signal.SIGTERM)
    for _ in range(STOPPED_WITHIN_SECONDS * 20):
        if pid_of(folder) is None:
            (folder / "pid").unlink()
            print(f"stopped, {folder}")
            return
        time.sleep(0.05)
    _give_up(f"{folder}  process {pid} did not stop within {STOPPED_WITHIN_SECONDS} s — `stop --kill` ends it at once")


def status(folder: Path) -> None:
    pid = pid_of(folder)
    print(f"running  {address_of(folder)}  process {pid}, {folder}" if pid else f"not running, {folder}")
    sys.exit(0 if pid else 1)


def pid_of(folder: Path) -> int | None:
    """Return the process of this folder's broker; a number that another process has got since is none."""
    with suppress(FileNotFoundError, ValueError):
        pid = int((folder / "pid").read_text())
        said = subprocess.run(
            ["ps", "-ww", "-p", str(pid), "-o", "command="], stdout=subprocess.PIPE, text=True, check=False
        ).stdout
        if "kafka.Kafka" in said and str(folder) in said:
            return pid
    return None


def address_of(folder: Path) -> str:
    """Return where the broker of this folder listens, or did."""
    settings = (folder / "server.properties").read_text()
    return settings.partition("\nlisteners=PLAINTEXT://")[2].partition(",")[0]


def _need(program: str, remedy: str) -> None:
    if shutil.which(program) is None:
        _give_up(f"{program}  is not installed — {remedy}")


def _give_up(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    sys.exit(4)


if __name__ == "__main__":
    main()
