"""`notify`: what was sent and what would be, as the customer sees it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.ids import message_id
from contracts.message import Message
from notifiers.channels.outbox import find_page
from storage.store import Store
from tellfirst import wiring
from tellfirst.cli.answers import Json, document, lines, moment_of_text, table
from tellfirst.cli.front import group
from tellfirst.cli.previewing import preview, send_test
from tellfirst.stopping import Exit, stop

app = group()
app.command()(preview)
app.command("send-test")(send_test)


@app.command()
def outbox(
    context: typer.Context,
    message: Annotated[str | None, typer.Argument(help="Show this message; else list the newest.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="List the newest so many.")] = 20,
    as_json: Json = False,
) -> None:
    """List what was sent, or show one message and where its page is."""
    folder = wiring.outbox_of(context.obj)
    with wiring.reading(context.obj) as store:
        if message is not None:
            _show(store.message(message), message, folder, as_json)
            return
        sent = (line for line in store.export("notices") if line["answer"] == "told" and line["phase"] != "handed_over")
        told = sorted(sent, key=lambda line: line["sent_at"] or "")
        found = [entry for line in told[-limit:] if (entry := _entry(line, store, folder))]
    if as_json:
        document(found)
    elif found:
        rows = [
            (moment_of_text(each["sent_at"]), each["customer"], each["channel"], each["title"], each["message"]) for each in found
        ]
        table(("sent (UTC)", "customer", "channel", "title", "message"), rows)
        typer.echo(f"\nThe pages, one a day, are in {folder}; `tellfirst notify outbox MESSAGE` shows one message.")
    else:
        typer.echo("Nothing was sent.")


def _entry(line: Mapping[str, Any], store: Store, folder: Path) -> dict[str, Any] | None:
    message = store.message(message_id(line["notice"], line["channel"])) if line["channel"] else None
    if message is None:
        return None
    return {
        "message": message.message,
        "sent_at": line["sent_at"],
        "customer": line["customer"],
        "channel": line["channel"],
        "title": message.title,
        "page": find_page(message, folder),
    }


def _show(message: Message | None, asked: str, folder: Path, as_json: bool) -> None:
    if message is None:
        raise stop(Exit.USAGE, asked, "no message has this id", "see `tellfirst notify outbox`")
    page = find_page(message, folder)
    if as_json:
        document(
            {"title": message.title, "text": message.text, "sections": message.sections, "channel": message.channel, "page": page}
        )
    else:
        lines([message.title, "", message.text, *(["", f"The page: {page}"] if page else [])])
