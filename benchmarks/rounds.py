"""Commands in, what each of them measured out: every one in a process of its own, in rounds whose order is shuffled."""

import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from random import Random
from time import monotonic
from typing import Any, TypeAlias

import msgspec

from benchmarks.places import ROOT

Answer: TypeAlias = dict[str, Any]
LONGEST_SECONDS = 1_800


class Failed(Exception):
    """A command did not end well; the message is the last line that it said."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: Sequence[str]) -> bytes:
    """Return what a command prints. Raises Failed."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LONGEST_SECONDS, check=False)
    except FileNotFoundError:
        raise Failed(f"there is no `{command[0]}` on this machine") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"not done after {LONGEST_SECONDS} s") from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise Failed(said[-1] if said else f"exit code {done.returncode}")
    return done.stdout


def ask(command: Sequence[str]) -> Answer:
    """Return the JSON that a command prints. Raises Failed."""
    answer: Answer = msgspec.json.decode(run(command))
    return answer


def in_rounds(
    commands: Mapping[str, Sequence[str]], rounds: int, *, once: Collection[str] = (), seed: int = 1
) -> tuple[dict[str, list[Answer]], dict[str, str]]:
    """Return the answers by name, and why those that failed did; who failed is not asked again. once: who has one round only."""
    order, answers, failed = Random(seed), dict[str, list[Answer]](), dict[str, str]()
    for number in range(rounds):
        for name in order.sample(list(commands), len(commands)):
            if name not in failed and not (number and name in once):
                begun = monotonic()
                try:
                    answers.setdefault(name, []).append(ask(commands[name]))
                except Failed as failure:
                    failed[name] = str(failure)
                say(f"round {number + 1} of {rounds}, {name}: {failed.get(name, f'{monotonic() - begun:.0f} s')}")
    return {name: answers[name] for name in commands if name in answers and name not in failed}, failed
