"""What a check of the lint is: a question with a name, a reason, and a page of its own in docs/lint."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from notifiers.lint.finding import Finding

Seen = TypeVar("Seen")


class Check(Struct, Generic[Seen], frozen=True, kw_only=True):
    """why: one sentence; its page says who else says so. languages: of its word lists; empty where it does not depend on words.
    warns: what it finds does not stop a rule."""

    name: str
    look: Callable[[Seen], Iterable[Finding]]
    why: str
    languages: tuple[str, ...] = ()
    warns: bool = False

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Yield what it finds, signed with its name."""
        for finding in self.look(seen):
            yield replace(finding, check=self.name, warning=self.warns)
