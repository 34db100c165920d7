"""What really happened, which no event says: troubles, who complains of them and when, and what only looked like trouble."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import json

from contracts.times import instant_text

Words = Mapping[str, str]


@dataclass(frozen=True)
class Cause:
    """One way for things to go wrong.

    share: of those whom nobody puts it right for, how many complain, in the middle; bears: how long they bear it, in the
    middle, as a length. about: what they say when they complain, by language.
    """

    name: str
    share: float
    bears: int
    about: Words


@dataclass(frozen=True)
class Trouble:
    """What went wrong for one customer. Instants are microseconds since 1970.

    cases: where it could be seen. begins: since when it was on its way; felt: from when the customer suffers it;
    ends: when it was put right, None: not at all. complains: when the customer complains of it; None: never, or after the week.
    """

    customer: str
    cases: tuple[str, ...]
    cause: str
    begins: int
    felt: int
    ends: int | None
    complains: int | None


@dataclass(frozen=True)
class Seeming:
    """A case in which nothing went wrong, and why it may have looked otherwise."""

    case: str
    why: str


@dataclass(frozen=True)
class Outcomes:
    """All that is true and not told, the troubles by when they begin."""

    troubles: tuple[Trouble, ...]
    seemings: tuple[Seeming, ...]

    def lines(self) -> list[bytes]:
        """Return one JSON object per trouble and per seeming, for people who want to keep the score themselves."""
        return [*(json.encode(_trouble(each)) for each in self.troubles), *(json.encode(each) for each in self.seemings)]


def _trouble(trouble: Trouble) -> dict[str, object]:
    instants = {name: getattr(trouble, name) for name in ("begins", "felt", "ends", "complains")}
    texts = {name: None if instant is None else instant_text(instant) for name, instant in instants.items()}
    return {"customer": trouble.customer, "cases": trouble.cases, "trouble": trouble.cause, **texts}
