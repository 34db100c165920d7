"""`kafka`: the topics that events come by, made and verified; and how far behind we are."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from contracts.times import length_text
from streams.kafka.agreement import Disagreement
from streams.kafka.lag import Share, lag_of
from streams.kafka.topics import LEAST_IN_SYNC, POLICY, RETENTION, Found, Wanted
from tellfirst import clock
from tellfirst.cli.answers import Json, counted, document, lines, table
from tellfirst.cli.front import group
from tellfirst.kafka.brokers import Made, State, make_topics, state_of
from tellfirst.kafka.hearing import Known
from tellfirst.stopping import Exit

app = group()


@app.command()
def init(context: typer.Context, as_json: Json = False) -> None:
    """Make the topics that are missing, and verify those that are there; refuse what would tear cases apart."""
    made = make_topics(context.obj)
    if as_json:
        topics = [_plain(each, made.found[each.topic]) for each in made.wanted]
        document({"made": made.made, "put_right": made.put_right, "topics": topics, "findings": made.findings})
    else:
        rows = [_row(each, made.found[each.topic], _done(each, made)) for each in made.wanted]
        table(("topic", "partitions", "replicas", ""), rows)
    _end(made.findings, as_json)


@app.command()
def status(
    context: typer.Context,
    slots: Annotated[bool, typer.Option("--slots", help="Show each slot by itself.")] = False,
    as_json: Json = False,
) -> None:
    """Show the topics, and how many records of each wait to be read, as the store says, or our consumer group."""
    state = state_of(context.obj)
    if as_json:
        document(_as_document(state))
    else:
        _show(state, slots)
    _end(state.findings, as_json)


def _done(topic: Wanted, made: Made) -> str:
    if topic.topic in made.made:
        return "made"
    changed = made.put_right.get(topic.topic, {})
    return ", ".join(f"{name} set to {value}" for name, value in changed.items()) or "was there"


def _row(topic: Wanted, found: Found, *more: object) -> tuple[object, ...]:
    return (topic.topic, found.partitions, found.replicas, *more)


def _show(state: State, slots: bool) -> None:
    brokers = counted(state.cluster.brokers, "broker")
    typer.echo(f"cluster {state.cluster.id}, {brokers}; how far it was read, by {state.read_by}")
    heads = ("topic", "partitions", "replicas", "in sync", "kept", "records", "lag", "quiet after")
    here = [(each, state.found[each.topic]) for each in state.wanted]
    table(heads, [_row(each, found, *_kept(found), *_waiting(each, state), state.known.get(each.topic)) for each, found in here])
    if slots:
        topics = [each.topic for each in state.wanted if each.slotted]
        lags = {(share.topic, share.slot): share.lag for share in state.shares}
        numbers = sorted({share.slot for share in state.shares})
        table(("slot", *topics), [(f"{slot}", *(lags.get((topic, slot)) for topic in topics)) for slot in numbers])


def _kept(found: Found) -> tuple[object, ...]:
    """Return the replicas that a write needs and how long records stay; None for what we may not see."""
    in_sync, kept, policy = (found.configs.get(name) for name in (LEAST_IN_SYNC, RETENTION, POLICY))
    length = length_text(int(kept) * 1_000) if kept and kept.isdecimal() else kept and "for ever"
    return in_sync and int(in_sync), "the newest" if policy == "compact" else length


def _waiting(topic: Wanted, state: State) -> tuple[object, ...]:
    if not topic.slotted:
        return None, None
    shares = _shares(topic, state)
    return sum(each.end - each.begin for each in shares), lag_of(shares)


def _shares(topic: Wanted, state: State) -> list[Share]:
    return [each for each in state.shares if each.topic == topic.topic]


def _as_document(state: State) -> dict[str, Any]:
    topics = [
        _plain(each, state.found[each.topic]) | _lags(_shares(each, state)) | _patience(state.known.get(each.topic))
        for each in state.wanted
    ]
    return {"cluster": state.cluster, "read_by": state.read_by, "topics": topics, "findings": state.findings}


def _lags(shares: Sequence[Share]) -> dict[str, Any]:
    """Return what is known of a slotted topic's lag, nothing of one that has no slots."""
    return {"lag": lag_of(shares), "slots": [_share(each) for each in shares]} if shares else {}


def _patience(known: Known | None) -> dict[str, Any]:
    """Return how long an input may be silent at this hour, and whence that is known; nothing of other topics."""
    if known is None:
        return {}
    after = None if known.patience is None else length_text(known.patience.at(clock.now()))
    return {"quiet_after": after, "by": known.patience and known.patience.by, "days_known": known.days}


def _plain(topic: Wanted, found: Found) -> dict[str, Any]:
    return {
        "topic": topic.topic,
        "id": found.id,
        "ours": topic.ours,
        "partitions": found.partitions,
        "replicas": found.replicas,
        "settings": found.configs,
    }


def _share(share: Share) -> dict[str, Any]:
    return {"slot": share.slot, "begin": share.begin, "end": share.end, "read": share.read, "lag": share.lag}


def _end(findings: Sequence[Disagreement], as_json: bool) -> None:
    if not as_json:
        lines(str(each) for each in findings)
    if findings:
        raise typer.Exit(Exit.FINDINGS)
