"""`stats`: how much there was of everything."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json, document, heading, lines


def stats(context: typer.Context, as_json: Json = False) -> None:
    """Count events by source and fate, problems, notices by answer and reason, promises."""
    with wiring.reading(context.obj) as store:
        counts = store.counts()
    if as_json:
        document(counts)
        return
    for subject, numbers in counts.items():
        heading(subject.replace("_", " "))
        lines(indented(numbers) if isinstance(numbers, Mapping) else [f"  {numbers:,}"])


def indented(numbers: Mapping[str, Any], depth: int = 1) -> Iterator[str]:
    """Yield a tree of numbers as lines, the numbers of one branch below each other."""
    width = max((len(name) for name in numbers), default=0)
    for name, number in numbers.items():
        if isinstance(number, Mapping) and set(number) == {""}:
            yield f"{'  ' * depth}{name:<{width}}  {number['']:>9,}"
        elif isinstance(number, Mapping):
            yield f"{'  ' * depth}{name}"
            yield from indented(number, depth + 1)
        else:
            yield f"{'  ' * depth}{name or 'no reason':<{width}}  {number:>9,}"
    if not numbers:
        yield f"{'  ' * depth}none"
