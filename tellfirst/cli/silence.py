"""`silence`: nobody is told of what matches, from a moment until another, and everybody can read why."""

from typing import Annotated

import typer
from msgspec.structs import replace

from contracts.telling import Silence
from contracts.times import parse_length
from tellfirst import clock, wiring
from tellfirst.cli.answers import Json, document, instant_of, moment, say, table
from tellfirst.cli.deciding import decide
from tellfirst.cli.front import group
from tellfirst.deciding.decisions import BeSilent, EndSilence, silence_id
from tellfirst.stopping import Exit, stop

app = group()


@app.command()
def add(
    context: typer.Context,
    why: Annotated[str, typer.Option(help="What a colleague should read about it.")],
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    case: Annotated[str | None, typer.Option(help="Only this case, as KIND/ID.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only this customer.")] = None,
    starts: Annotated[str | None, typer.Option("--from", help="An instant such as 2026-03-02T09:00:00Z; else now.")] = None,
    until: Annotated[str | None, typer.Option(help="The instant at which it ends.")] = None,
    lasting: Annotated[str | None, typer.Option("--for", help="How long, such as 4h or 2d; instead of --until.")] = None,
    as_json: Json = False,
) -> None:
    """Withhold what matches every part that is named; nothing named means everything."""
    begins = instant_of("--from", starts) if starts else clock.now()
    ends = _end(begins, until, lasting)
    silence = Silence("", rule, case, customer, begins, ends, why)
    silence = replace(silence, silence=silence_id(silence))
    decide(context.obj, BeSilent(silence))
    say(silence, f"{silence.silence}: silent about {_about(silence)} until {moment(ends)} UTC", as_json=as_json)


@app.command("list")
def list_silences(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over or yet to come.")] = False,
    as_json: Json = False,
) -> None:
    """Show the silences in force."""
    with wiring.reading(context.obj) as store:
        silences = store.silences(None if everything else clock.now())
    if as_json:
        document(silences)
    elif silences:
        rows = [(each.silence, _about(each), moment(each.starts), moment(each.ends), each.why) for each in silences]
        table(("silence", "about", "from (UTC)", "until (UTC)", "why"), rows)
    else:
        typer.echo("Nothing is silenced.")


@app.command()
def end(
    context: typer.Context,
    silence: Annotated[str, typer.Argument(help="Its id, as `silence list` shows it.")],
    as_json: Json = False,
) -> None:
    """End a silence now."""
    with wiring.reading(context.obj) as store:
        if silence not in {each.silence for each in store.silences(clock.now())}:
            raise stop(Exit.USAGE, silence, "no silence in force has this id", "see `tellfirst silence list`")
    decide(context.obj, EndSilence(silence))
    say({"silence": silence, "fact": "ended"}, f"{silence}: ended", as_json=as_json)


def _end(begins: int, until: str | None, lasting: str | None) -> int:
    if (until is None) == (lasting is None):
        raise stop(Exit.USAGE, "silence add", "needs either --until or --for", "say how long, such as --for 4h")
    ends = instant_of("--until", until) if until else begins + _length(lasting or "")
    if ends <= max(begins, clock.now()):
        raise stop(Exit.USAGE, "silence add", "would be over before it begins", "name a later end")
    return ends


def _length(text: str) -> int:
    try:
        return parse_length(text)
    except ValueError as fault:
        raise stop(Exit.USAGE, "--for", str(fault), "write whole numbers with w, d, h, m or s, such as 14d") from None


def _about(silence: Silence) -> str:
    parts = (("rule", silence.rule), ("case", silence.case), ("customer", silence.customer))
    return ", ".join(f"{name} {value}" for name, value in parts if value) or "everything"
