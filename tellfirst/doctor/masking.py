"""What may leave the house in a bundle: values of settings known to be harmless, and texts without addresses and secrets."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HIDDEN = "…"
HARMLESS = {
    *("language", "zone", "kind", "tls", "port", "at_once", "rate", "after", "rest", "connect", "answer", "total"),
    *("disorder", "source_delay", "settle", "max_leap", "quiet_after", "allow_unencrypted", "allow_private", "mechanism"),
    *("soon_per_window", "before_end", "updates", "news", "window", "customer_wait", "behind", "look_again", "late"),
    *("batch", "waiting", "breaker", "cache", "digest_at", "closed", "silent", "stub", "partitions", "replication"),
}
PLAIN = re.compile(r"[A-Za-z0-9_/:.+-]{1,40}")
SHORTEST = 4
MOST_BYTES = 64 * 1024
ADDRESSES = (
    re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE),
    re.compile(r"[^\s\"'<>@,;:()]+@[^\s\"'<>@,;()]+"),
    re.compile(r"\+\d[\d ()/.-]{5,}\d|\b0\d{7,}\b"),
    re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?|\[[0-9a-f:]*::?[0-9a-f:]*\](?::\d+)?", re.IGNORECASE),
    re.compile(
        r"\b(?=[a-z0-9.-]*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*(?<!\.yaml)(?<!\.jsonl):\d{2,5}\b(?!:)",
        re.IGNORECASE,
    ),
)


def masked(said: Any, key: str = "") -> Any:
    """Return settings with every value hidden that is not known to be harmless."""
    match said:
        case Mapping():
            return {str(name): masked(value, str(name)) for name, value in said.items()}
        case list() | tuple():
            return [masked(each, key) for each in said]
        case None | bool():
            return said
        case _:
            return said if key in HARMLESS and PLAIN.fullmatch(str(said)) else HIDDEN


def hidden_in(said: Any, folder: Path, key: str = "") -> Iterator[str]:
    """Yield every value that `masked` hides, and what stands in the files that settings name."""
    match said:
        case Mapping():
            for name, value in said.items():
                yield from hidden_in(value, folder, str(name))
        case list() | tuple():
            for each in said:
                yield from hidden_in(each, folder, key)
        case str() | int() if masked(said, key) == HIDDEN:
            yield str(said)
            yield from _hosts(str(said))
            if key.endswith("_file"):
                yield from _content(folder / str(said))


def _hosts(said: str) -> Iterator[str]:
    """Yield the parts of an address by which an error may name it."""
    yield from (part for part in re.split(r"[/@,\s<>:?&=]+", said) if "." in part)
    with suppress(ValueError):
        url = urlsplit(said)
        yield from filter(None, (url.hostname, url.username, url.password))


def _content(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            yield from file.read(MOST_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return


def without_addresses(text: str) -> str:
    for pattern in ADDRESSES:
        text = pattern.sub(HIDDEN, text)
    return text


class Masking:
    """Hides in any text the values that settings hide, and whatever looks like an address."""

    def __init__(self, hidden: Iterator[str]) -> None:
        words = {each.strip() for each in hidden}
        self._hidden = sorted((word for word in words if len(word) >= SHORTEST), key=len, reverse=True)

    def of(self, said: Any) -> Any:
        """Return a tree with every text in it masked, keys too."""
        match said:
            case str():
                return without_addresses(self._without_hidden(said))
            case Mapping():
                return {self.of(str(key)): self.of(value) for key, value in said.items()}
            case list() | tuple():
                return [self.of(each) for each in said]
            case _:
                return said

    def _without_hidden(self, text: str) -> str:
        for word in self._hidden:
            text = text.replace(word, HIDDEN)
        return text
