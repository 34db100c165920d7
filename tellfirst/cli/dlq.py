"""`dlq`: dead letters, the bytes that could not be taken as events, and why; taken in again, or thrown away."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from contracts.event import DeadLetter, DeadReason
from contracts.times import instant_text
from streams.project import Project
from streams.redriving import mapping_of, name_of_letter
from streams.replay import WhichMapping
from tellfirst import wiring
from tellfirst.cli.answers import Json, counted, document, lines, moment, say, table
from tellfirst.cli.deciding import decide
from tellfirst.cli.front import group
from tellfirst.cli.progress import progress
from tellfirst.deciding.decisions import Discard, Redrive, SendBack
from tellfirst.stopping import Exit, Stopped, stop

app = group()

MOST = 1_000_000
AT_ONCE = 200

Letters = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE:POSITION]…", help="Only these.")]
Reason = Annotated[DeadReason | None, typer.Option(help="Only those of this reason.")]
Source = Annotated[str | None, typer.Option(help="Only those of this source; a file by its name.")]


@app.command("list")
def list_letters(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    as_json: Json = False,
) -> None:
    """Show the newest dead letters."""
    with wiring.reading(context.obj) as store:
        letters = store.dead_letters(limit=limit)
    if as_json:
        document([_plain(letter) for letter in letters])
    else:
        _show(letters)


@app.command()
def show(
    context: typer.Context,
    letter: Annotated[str, typer.Argument(help="SOURCE:POSITION, as `dlq list` shows it.")],
    as_json: Json = False,
) -> None:
    """Show one dead letter with its bytes."""
    (found,) = _chosen(context.obj, [letter])
    if as_json:
        document(_plain(found))
        return
    lines(
        [
            f"{name_of_letter(found)}  {moment(found.at or None)} UTC",
            f"{found.reason}: {found.detail}",
            *_of_a_record(found),
            "",
            _readable(found.raw),
        ]
    )


@app.command()
def redrive(
    context: typer.Context,
    letters: Letters = None,
    reason: Reason = None,
    source: Source = None,
    mapping: Annotated[
        str | None, typer.Option(metavar="NAME", help="Read them by this mapping; else by the one that fits.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take dead letters in again, as their source would: what can be taken now leaves the list, the rest says why not.

    Those of Kafka's topics are written back to where they came from, to the byte; with Kafka, all others are refused.
    """
    chosen = _chosen(context.obj, letters, reason=reason, source=source)
    of_topics: list[DeadLetter] = []
    if chosen:
        project = wiring.project_of(context.obj)
        of_topics = _of_topics(chosen, project)
        chosen = [each for each in chosen if each.source not in {letter.source for letter in of_topics}]
        _must_be_taken_here(chosen, project)
        _must_be_readable(chosen, project, mapping)
        _send_back(context.obj, project, of_topics, mapping)
    names = [name_of_letter(each) for each in chosen]
    with progress("taking in", "dead letters") as tick:
        for first in range(0, len(names), AT_ONCE):
            decide(context.obj, Redrive(tuple(names[first : first + AT_ONCE]), mapping))
            tick(min(first + AT_ONCE, len(names)), len(names))
    left = _all(context.obj) if names else {}
    stayed = [left[name] for name in names if name in left]
    _say_redriven(len(names), len(of_topics), stayed, as_json)
    if stayed:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def discard(
    context: typer.Context,
    letters: Letters = None,
    reason: Reason = None,
    source: Source = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Throw dead letters away for good; how many is kept."""
    chosen = _chosen(context.obj, letters, reason=reason, source=source)
    if chosen and not yes and (as_json or not _agreed(len(chosen))):
        raise stop(Exit.REFUSED, "dlq discard", "nothing was thrown away", "answer y, or say --yes")
    names = tuple(name_of_letter(each) for each in chosen)
    if names:
        decide(context.obj, Discard(names))
    say({"discarded": len(names), "letters": names}, f"{counted(len(names), 'dead letter')} discarded", as_json=as_json)


def _chosen(
    project: Path | None, names: Sequence[str] | None, *, reason: DeadReason | None = None, source: str | None = None
) -> list[DeadLetter]:
    """Return the letters of these names, reason and source, as far as they are given, the oldest first. Raises Stopped."""
    letters = _all(project)
    for name in names or ():
        if name not in letters:
            raise stop(Exit.USAGE, name, "there is no such dead letter", "see `tellfirst dlq list`")
    return [
        each
        for name, each in letters.items()
        if (not names or name in names)
        and (reason is None or each.reason is reason)
        and (source is None or source in (each.source, each.source.partition("#")[0]))
    ]


def _must_be_taken_here(letters: Sequence[DeadLetter], project: Project) -> None:
    """Raises Stopped where events come by Kafka, and a letter did not: in which slot it belongs, only a topic says."""
    if not letters or project.settings.kafka is None:
        return
    with wiring.reading(project.folder) as store:
        if store.used_by() == wiring.RUN:
            fact, remedy = "it came by no topic, and here events come by topics", "send what `dlq show` has of it; or discard it"
            raise stop(Exit.REFUSED, name_of_letter(letters[0]), fact, f"{remedy}. Those of a topic: --source TOPIC")


def _must_be_readable(letters: Sequence[DeadLetter], project: Project, mapping: str | None) -> None:
    """Raises Stopped where it is not clear by which mapping a letter is read."""
    if mapping is not None and mapping not in project.mappings:
        known = ", ".join(project.mappings) or "none"
        raise stop(Exit.USAGE, "--mapping", f"there is no mapping `{mapping}`", f"the project has {known}")
    try:
        for letter in letters:
            mapping_of(letter, project, mapping)
    except WhichMapping as fault:
        raise Stopped(Exit.USAGE, str(fault)) from None


def _of_topics(letters: Sequence[DeadLetter], project: Project) -> list[DeadLetter]:
    if project.settings.kafka is None:
        return []
    from streams.kafka.topics import slotted_of

    topics = slotted_of(project.settings.kafka)
    return [each for each in letters if each.source.rpartition("#")[0] in topics]


def _send_back(folder: Path | None, project: Project, letters: Sequence[DeadLetter], mapping: str | None) -> None:
    """Write letters of topics back, some at a time. One that comes twice by a crash in between does no harm: it is a repeat."""
    if letters and mapping is not None:
        remedy = "leave it out, or name letters of other sources"
        raise stop(Exit.USAGE, "--mapping", f"`{name_of_letter(letters[0])}` is read as its topic is", remedy)
    if not letters:
        return
    from tellfirst.kafka.producing import send_back

    with progress("sending back", "dead letters") as tick:
        for first in range(0, len(letters), AT_ONCE):
            some = letters[first : first + AT_ONCE]
            send_back(project, some)
            decide(folder, SendBack(tuple(name_of_letter(each) for each in some)))
            tick(first + len(some), len(letters))


def _all(project: Path | None) -> dict[str, DeadLetter]:
    """Return all letters by their names, the oldest first."""
    with wiring.reading(project) as store:
        return {name_of_letter(each): each for each in reversed(store.dead_letters(limit=MOST))}


def _say_redriven(tried: int, sent_back: int, stayed: Sequence[DeadLetter], as_json: bool) -> None:
    taken = tried - len(stayed)
    if as_json:
        plain = [_plain(each) for each in stayed]
        document({"tried": tried + sent_back, "taken_in": taken, "sent_back": sent_back, "stayed": plain})
        return
    back = f", {sent_back:,} sent back to their topics" if sent_back else ""
    typer.echo(f"{counted(taken, 'dead letter')} taken in, {len(stayed):,} stay{back}")
    if stayed:
        _show(stayed)


def _agreed(number: int) -> bool:
    try:
        return typer.confirm(f"Throw {counted(number, 'dead letter')} away for good?", err=True)
    except typer.Abort:
        return False


def _show(letters: Sequence[DeadLetter]) -> None:
    if not letters:
        typer.echo("No dead letters.")
        return
    rows = [(name_of_letter(each), moment(each.at or None), each.reason, each.detail) for each in letters]
    table(("letter", "at (UTC)", "reason", "detail"), rows)


def _plain(letter: DeadLetter) -> dict[str, object]:
    return {
        "letter": name_of_letter(letter),
        "at": instant_text(letter.at) if letter.at else None,
        "reason": letter.reason,
        "detail": letter.detail,
        "size": len(letter.raw),
        "text": _readable(letter.raw),
        "key": None if letter.key is None else _readable(letter.key),
        "headers": {name: _readable(value or b"") for name, value in letter.headers},
    }


def _of_a_record(letter: DeadLetter) -> list[str]:
    """Return what stood beside the bytes: the key and the headers of a topic's record."""
    key = [] if letter.key is None else [f"key: {_readable(letter.key)}"]
    return key + [f"{name}: {_readable(value or b'')}" for name, value in letter.headers]


def _readable(raw: bytes) -> str:
    """Return the bytes as text, what a terminal must not see as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode() for sign in text)
