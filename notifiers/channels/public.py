"""Which addresses are of the public internet: what a webhook may not reach is refused by its address, not by its name."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]

UNICAST = IPv6Network("2000::/3")
TRANSLATED = IPv6Network("64:ff9b::/96")
TRANSLATED_WITHIN = IPv6Network("64:ff9b:1::/48")


class NotPublic(Exception):
    """A name that leads, also, to an address which is not public."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, the best first. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def public_addresses(host: str, port: int, *, resolve: Resolve, may_be_private: bool) -> Sequence[str]:
    """Ask once, and return what was answered: who connects to these cannot be led elsewhere. Raises NotPublic, OSError."""
    addresses = await resolve(host, port)
    if not addresses:
        raise OSError("the name has no address")
    if not may_be_private and not all(map(is_public, addresses)):
        raise NotPublic("the name leads to an address that is not public")
    return addresses


def is_public(address: str) -> bool:
    """Whether the address is of the public internet; one that carries another within is judged by both."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        within = _within(found)
        return is_public(str(within)) if within is not None else found in UNICAST and found.is_global
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _within(address: IPv6Address) -> IPv4Address | None:
    """Return the address of IPv4 that one of IPv6 stands for: mapped, 6to4, Teredo, NAT64; of a local NAT64 none is public."""
    if address in TRANSLATED_WITHIN:
        return IPv4Address(0)
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
