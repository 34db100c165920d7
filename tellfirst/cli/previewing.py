"""`notify preview` and `notify send-test`: what customers would read, on every channel, and one of them to oneself."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec import Struct

from contracts.message import Outcome, Posted
from notifiers.channels import Reply
from notifiers.channels.opening import Provided
from notifiers.composing import CannotSay
from rules.reading.tells import CHANNELS
from rules.suggest import did_you_mean
from storage.errors import NoStore
from streams.project import Project
from tellfirst import clock, wiring
from tellfirst.cli.answers import Json, document, heading, lines, say
from tellfirst.preview.looks import files_of, look
from tellfirst.preview.scenes import Scene, scenes_of_case, scenes_of_rule, spoken_to
from tellfirst.preview.wording import composed, composed_as_test
from tellfirst.stopping import Exit, stop

About = Annotated[str, typer.Argument(metavar="CASE|RULE", help="A case such as parcel/P1, or a rule, by its own examples.")]
Channel = Annotated[str | None, typer.Option(metavar="WORD", help="Only this one: email, sms, push or webhook.")]
Language = Annotated[str | None, typer.Option(metavar="LANG", help="As if the customer spoke it; else the customer's own.")]


BECAME = {
    Outcome.ACCEPTED: "accepted",
    Outcome.REFUSED: "refused",
    Outcome.RETRY: "not delivered",
    Outcome.AMBIGUOUS: "perhaps delivered",
}


class Shown(Struct, frozen=True):
    """message: None where it cannot be said on this channel; then `why` says why."""

    says: str
    channel: str
    of_this_rule: bool
    message: Posted | None
    why: str = ""


def preview(
    context: typer.Context,
    about: About,
    channel: Channel = None,
    language: Language = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write files there too: .eml, .html, .txt, .json.")] = None,
    as_json: Json = False,
) -> None:
    """Show what a customer would read, on every channel. Nothing is sent."""
    project = wiring.project_of(context.obj)
    words = [_known(channel)] if channel else list(CHANNELS)
    shown = list(_shown(_scenes(context.obj, project, about, language), project, words))
    files = _written(shown, project, out) if out else []
    if as_json:
        document({"messages": [_plain(each) for each in shown], "files": [str(file) for file in files]})
        return
    for each in shown:
        _print(each)
    lines(f"wrote {file}" for file in files)


def send_test(
    context: typer.Context,
    about: About,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Your own address, or your phone number for sms.")],
    channel: Annotated[str, typer.Option(metavar="WORD", help="email, sms, push or webhook.")] = "email",
    language: Language = None,
    as_json: Json = False,
) -> None:
    """Send one preview to yourself through the real provider, marked as a test in subject and text."""
    project, word = wiring.project_of(context.obj), _known(channel)
    provider = wiring.reach_of(project).channels.get(word)
    if not isinstance(provider, Provided):
        raise stop(Exit.REFUSED, f"--channel {word}", "has no provider, so nothing can be sent", "name one: docs/channels.md")
    scene = spoken_to(_scenes(context.obj, project, about, language)[0], **{"phone" if word == "sms" else "email": to})
    try:
        message = composed_as_test(scene, project, word, now=clock.now())
    except CannotSay as fault:
        raise stop(Exit.FINDINGS, f"{about} by {word}", str(fault), f"see `tellfirst notify preview {about}`") from None
    reply = asyncio.run(_sent(provider, message))
    answer = {"outcome": reply.outcome, "detail": reply.detail, "title": message.title, "message": message.message}
    text = f"{BECAME[reply.outcome]} by {word}: “{message.title}”{f' ({reply.detail})' if reply.detail else ''}"
    say(answer, text, as_json=as_json)
    if reply.outcome is not Outcome.ACCEPTED:
        raise typer.Exit(Exit.PARTLY if reply.outcome is Outcome.AMBIGUOUS else Exit.UNREACHABLE)


async def _sent(provider: Provided, message: Posted) -> Reply:
    try:
        return await provider.send(message)
    finally:
        await provider.aclose()


def _known(word: str) -> str:
    if word not in CHANNELS:
        remedy = did_you_mean(word, CHANNELS, otherwise=f"write one of {', '.join(CHANNELS)}")
        raise stop(Exit.USAGE, "--channel", f"`{word}` is not a channel", remedy)
    return word


def _scenes(folder: Path | None, project: Project, about: str, language: str | None) -> Sequence[Scene]:
    """Return what could be told, at least one scene. Raises Stopped."""
    scenes = _of_case(folder, project, about) if "/" in about else _of_rule(project, about)
    return [spoken_to(scene, language=language) for scene in scenes] if language else scenes


def _of_case(folder: Path | None, project: Project, case: str) -> Sequence[Scene]:
    try:
        with wiring.reading(folder) as store:
            scenes = scenes_of_case(project, store, case)
    except NoStore as fault:
        raise stop(Exit.CONFIGURATION, case, f"{fault}", "or name a rule, for its own examples") from None
    if not scenes:
        raise stop(Exit.FINDINGS, case, "there is nothing to tell of it", f"see `tellfirst why {case}`, or name a rule")
    return scenes


def _of_rule(project: Project, name: str) -> Sequence[Scene]:
    rule = next((each for each in project.rules if each.name == name), None)
    if rule is None:
        rules = [each.name for each in project.rules]
        remedy = did_you_mean(name, rules, otherwise="see `tellfirst rules list`, or name a case as KIND/ID")
        raise stop(Exit.USAGE, name, "there is no such rule", remedy)
    if not (scenes := scenes_of_rule(project, rule)):
        raise stop(
            Exit.FINDINGS, name, "its tests come to no problem", "add a test in which something goes wrong, or name a case"
        )
    return scenes


def _shown(scenes: Sequence[Scene], project: Project, words: Sequence[str]) -> Iterator[Shown]:
    for scene in scenes:
        own = scene.question.rule.tell.channels
        for word in words:
            match composed(scene, project, word):
                case CannotSay() as fault:
                    yield Shown(scene.says, word, word in own, None, str(fault))
                case message:
                    yield Shown(scene.says, word, word in own, message)


def _written(shown: Sequence[Shown], project: Project, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for each in shown:
        for name, content in files_of(each.message, each.says, project.settings.channels).items() if each.message else ():
            (folder / name).write_bytes(content)
            written.append(folder / name)
    return written


def _print(each: Shown) -> None:
    note = "" if each.of_this_rule else "  (the rule does not use this channel)"
    language = f" · {each.message.language}" if each.message else ""
    title, text = (
        f"{each.says} · {each.channel}{language}{note}",
        look(each.message) if each.message else f"cannot be said: {each.why}",
    )
    if sys.stdout.isatty():
        _in_a_frame(title, text.strip("\n"))
        return
    heading(f"── {title}")
    lines(["", text.strip("\n"), ""])


def _in_a_frame(title: str, text: str) -> None:
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    Console().print(Panel(Text(text), title=Text(title), title_align="left", border_style="dim", padding=(1, 2)))


def _plain(each: Shown) -> dict[str, Any]:
    message = each.message
    words = {} if message is None else {"language": message.language, "title": message.title, "text": message.text}
    return {"says": each.says, "channel": each.channel, "of_this_rule": each.of_this_rule, **words, "why_not": each.why or None}
