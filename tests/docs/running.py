"""The code blocks of a page, done as a reader would: files written, changes made, commands run, shown output compared.

```console      `$ ` begins a command; what follows is its output, in which … is anything, and alone on a line any lines
```yaml FILE    a file with this name and content (any language will do)
```diff FILE    a change in it: lines that begin with - become those that begin with +
A command that ends in & goes on beside the others until `kill %1`. One whose output is not shown must end well.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESSES = ("127.0.0.1:8787", "127.0.0.1:8025")


@dataclass(frozen=True)
class Block:
    """file: what the block is named after, None where it is no file."""

    language: str
    file: str | None
    text: str
    line: int


@dataclass(frozen=True)
class Done:
    """One command: what the page shows of its output (None: nothing), and what it said."""

    command: str
    shown: str | None
    said: str
    code: int
    line: int

    @property
    def fits(self) -> bool:
        return self.code == 0 if self.shown is None else agrees(self.shown, self.said)


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], found[3], text.count("\n", 0, found.start()) + 1) for found in FENCE.finditer(text)]


def agrees(shown: str, said: str) -> bool:
    """Whether what was said is what is shown, but for what … stands for."""
    pattern = re.escape(shown.strip("\n")).replace("…\\\n", "…\n")
    pattern = re.sub(r"(?m)^…$", "(?:.*\n)*?.*", pattern).replace("…", ".*?")
    plain = "\n".join(line.rstrip() for line in said.strip("\n").splitlines())
    return re.fullmatch(pattern, plain) is not None


class Reader:
    """Does what a page says, in a folder of its own. done: every command so far.

    elsewhere: addresses that the page names, with those that take their place.
    """

    def __init__(self, folder: Path, **elsewhere: str) -> None:
        self._folder = folder
        self._beside: list[subprocess.Popen[bytes]] = []
        self._ports = {address: f"127.0.0.1:{_free_port()}" for address in ADDRESSES} | elsewhere
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        own = {name: value for name, value in os.environ.items() if not name.startswith("TELLFIRST_")}
        self._environment = {**own, "PATH": path, "COLUMNS": "200", "TELLFIRST_LOG_LEVEL": "warning"}
        self.done: list[Done] = []

    def read(self, block: Block) -> None:
        if block.language == "console":
            for command, shown, line in commands_of(block):
                self._do(command, shown, line)
        elif block.language == "diff":
            self._change(block)
        elif block.file is not None:
            file = self._folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self._here(block.text), encoding="utf-8")
        else:
            raise AssertionError(f"line {block.line}: a block that is neither a file, a change nor a command proves nothing")

    def _change(self, block: Block) -> None:
        assert block.file is not None, f"line {block.line}: a change of which file?"
        file, lines = self._folder / block.file, block.text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in "- ")
        after = "".join(line[1:] for line in lines if line[0] in "+ ")
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"line {block.line}: {block.file} has not exactly one place like this"
        file.write_text(text.replace(before, after), encoding="utf-8")

    def _do(self, command: str, shown: str | None, line: int) -> None:
        said, code = "", 0
        if command.startswith("cd "):
            self._folder = self._folder / shlex.split(command)[1]
        elif command == "kill %1":
            self._end()
        elif command.endswith(" &"):
            self._begin(self._here(command[:-2]))
        else:
            said, code = self._run(self._here(command))
        self.done.append(Done(command, shown, self._there(said), code, line))

    def _run(self, command: str) -> tuple[str, int]:
        ended = subprocess.run(
            ["bash", "-c", command],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        return ended.stdout.decode(), ended.returncode

    def _begin(self, command: str) -> None:
        """Start what goes on beside, and return once somebody listens at the address that it names."""
        with (self._folder.parent / "beside.log").open("ab") as log:
            started = subprocess.Popen(
                ["bash", "-c", f"exec {command}"], cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        self._beside.append(started)
        address = next(each for each in self._ports.values() if each in command)
        for _ in range(600):
            assert started.poll() is None, f"{command} ended at once"
            with suppress(OSError), socket.create_connection(_pair(address), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError(f"{command} does not listen")

    def _end(self) -> None:
        while self._beside:
            process = self._beside.pop()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)

    def close(self) -> None:
        for process in self._beside:
            process.kill()
            process.wait(timeout=30)

    def _here(self, text: str) -> str:
        """Put free ports in the place of those that the page names, so that pages can be read side by side."""
        for address, here in self._ports.items():
            text = text.replace(address, here).replace(f"port: {address.partition(':')[2]}", f"port: {here.partition(':')[2]}")
        return text

    def _there(self, text: str) -> str:
        for address, here in self._ports.items():
            text = text.replace(here, address)
        return text


def commands_of(block: Block) -> Iterator[tuple[str, str | None, int]]:
    """Yield each command with the output that is shown, None where none is."""
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        rest = lines[start + 1 : end]
        command = lines[start][2:]
        while command.endswith("\\"):
            command = f"{command[:-1].rstrip()} {rest.pop(0).lstrip('> ')}"
        command = re.sub(r"\s+# .*$", "", command)
        yield command, "\n".join(rest) if "".join(rest).strip() else None, block.line + 1 + start


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _pair(address: str) -> tuple[str, int]:
    host, _, port = address.partition(":")
    return host, int(port)
