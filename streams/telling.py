"""The courier of a project, and how a runtime asks it and hears what it did."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from contracts.notice import Reason
from notifiers.channels import Channel, Desk
from notifiers.channels.recording import Recording, RecordingDesk
from notifiers.composing import Composer
from notifiers.composing.links import Links
from notifiers.courier import Courier, Sight
from notifiers.courier.happenings import Happening, Held
from notifiers.profiles import Defaults
from rules.compiler import RuleSet
from storage.store import Store
from streams.project import Project


@dataclass(frozen=True)
class Reach:
    """By what customers and the desk are reached. stand_in: for the channels that have no provider; links: to pages of ours."""

    stand_in: Channel = field(default_factory=lambda: Recording(keep=0))
    desk: Desk = field(default_factory=RecordingDesk)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    links: Links | None = None


def courier_of(
    project: Project,
    ruleset: RuleSet,
    store: Store,
    reach: Reach,
    *,
    sight: Sight,
    says_when_late: bool,
    zone: ZoneInfo | None = None,
    clock: Callable[[], int] | None = None,
) -> Courier:
    """sight: how far each case is seen, and the lag of its source. zone: of customers who name none, else the project's.

    clock: the time while a round waits for providers; None: it stands still.
    """
    settings = project.settings
    return Courier(
        store,
        ruleset.tellings,
        composer=Composer(choices=project.choices, sender=settings.sender, language=settings.language, links=reach.links),
        stand_in=reach.stand_in,
        desk=reach.desk,
        channels=reach.channels,
        limits=settings.limits,
        defaults=Defaults(language=settings.language, zone=zone or settings.zone),
        sight=sight,
        says_when_late=says_when_late,
        clock=clock,
    )


def asking(
    courier: Courier, hear: Callable[[Sequence[Happening]], None] = lambda happenings: None
) -> Callable[[int], Awaitable[set[Reason]]]:
    """Return what a rehearsal asks: one round of the courier, heard; the answer is why it now holds what it holds."""

    async def ask(now: int) -> set[Reason]:
        happenings = await courier.round(now)
        hear(happenings)
        return {happening.reason for happening in happenings if isinstance(happening, Held)}

    return ask
