"""How a decision reaches a tellfirst that runs: a letter in the data folder, taken up by the process that writes the store."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from tellfirst.deciding.decisions import Decision

FOLDER = "decisions"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Decision).decode


def put(data: Path, decision: Decision, *, now: int) -> Path:
    """Leave a letter, whole or not at all; letters are taken up in the order of `now`."""
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    letter = folder / f"{now}.json"
    draft = letter.with_suffix(".draft")
    draft.write_bytes(_encode(decision))
    return draft.rename(letter)


def take_up(data: Path, do: Callable[[Decision], None]) -> int:
    """Do what every letter says, oldest first, and return how many there were; one that cannot be read is put aside."""
    letters = sorted((data / FOLDER).glob("*.json"), key=lambda letter: letter.stem.zfill(20))
    for letter in letters:
        try:
            decision = _decode(letter.read_bytes())
        except msgspec.DecodeError:
            letter.rename(letter.with_suffix(".unread"))
            continue
        do(decision)
        letter.unlink()
    return len(letters)


def was_taken(letter: Path) -> bool:
    return not letter.exists()
