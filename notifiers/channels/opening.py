"""The providers that a project names become channels; what a channel is made with is imported only where it is used."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from notifiers.channels.channel import Channel
from notifiers.channels.providers import Care, Provider, SmtpProvider, WebhookProvider


@runtime_checkable
class Provided(Channel, Protocol):
    """A channel behind which a provider stands: it takes messages side by side, each of which waits for its own answer only.

    It keeps connections until it is closed.
    """

    @property
    def care(self) -> Care: ...

    async def knock(self) -> str | None:
        """Return what hinders us from reaching the provider, None when nothing does; nothing is sent."""

    async def aclose(self) -> None: ...


def channels_of(
    providers: Mapping[str, Provider], folder: Path, *, more: Callable[[], Mapping[str, str]] = dict
) -> dict[str, Provided]:
    """Return a channel for each word that has a provider. folder: the project's. more: headers of each HTTP request.

    Raises OSError, ValueError for files of the folder.
    """
    return {word: _channel(word, provider, folder, more) for word, provider in providers.items()}


def _channel(word: str, provider: Provider, folder: Path, more: Callable[[], Mapping[str, str]]) -> Provided:
    match provider:
        case SmtpProvider():
            from notifiers.channels.smtp import Smtp

            return Smtp(provider, folder=folder, name=word)
        case WebhookProvider():
            from notifiers.channels.webhook import Webhook

            return Webhook(provider, folder=folder, name=word, more=more)


async def close(channels: Mapping[str, Channel]) -> None:
    """Take leave of all providers."""
    for channel in channels.values():
        if isinstance(channel, Provided):
            await channel.aclose()
