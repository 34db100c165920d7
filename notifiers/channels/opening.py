"""The providers that a project names become channels; what a channel is made with is imported only where it is used."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from notifiers.channels.channel import Channel
from notifiers.channels.providers import Provider, SmtpProvider, WebhookProvider


@runtime_checkable
class Provided(Channel, Protocol):
    """A channel that keeps connections, until it is closed."""

    async def knock(self) -> str | None:
        """Return what hinders us from reaching the provider, None when nothing does; nothing is sent."""

    async def aclose(self) -> None: ...


def channels_of(providers: Mapping[str, Provider], folder: Path) -> dict[str, Provided]:
    """Return a channel for each word that has a provider. folder: the project's. Raises OSError, ValueError for its files."""
    return {word: _channel(word, provider, folder) for word, provider in providers.items()}


def _channel(word: str, provider: Provider, folder: Path) -> Provided:
    match provider:
        case SmtpProvider():
            from notifiers.channels.smtp import Smtp

            return Smtp(provider, folder=folder, name=word)
        case WebhookProvider():
            from notifiers.channels.webhook import Webhook

            return Webhook(provider, folder=folder, name=word)


async def close(channels: Mapping[str, Channel]) -> None:
    """Take leave of all providers."""
    for channel in channels.values():
        if isinstance(channel, Provided):
            await channel.aclose()
