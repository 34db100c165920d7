"""How long the topics of a project may be silent, by its settings and its store; which rules wait until that is known."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from contracts.times import length_text
from rules.errors import Fault
from storage.errors import StoreError
from storage.store import Store
from streams.kafka.absences import unheard
from streams.kafka.minutes import Minutes, union
from streams.kafka.patience import Patience, days_known, patience_of
from streams.project import Project
from tellfirst import clock
from tellfirst.stopping import Exit, Stopped, stop
from tellfirst.wiring import SETTINGS, reading

FOUR_WEEKS = 28


class Known(NamedTuple):
    """patience: None while it is not known. days: of how many of the last 28 something is known."""

    patience: Patience | None
    days: int

    def __str__(self) -> str:
        if self.patience is None:
            return f"not known yet, {self.days} of {FOUR_WEEKS} days"
        return f"{length_text(self.patience.at(clock.now()))}, {self.patience.by}"


def known_by(project: Project, store: Store | None) -> Mapping[str, Known]:
    """Return what is known of each input. store: None where there is none yet."""
    inputs = project.settings.kafka.inputs if project.settings.kafka else ()
    minutes = {each.topic: union(store.minutes_of(each.topic)) if store else Minutes() for each in inputs}
    return {topic: Known(patience_of(project.settings.source(topic), each), days_known(each)) for topic, each in minutes.items()}


def known_of(project: Project) -> Mapping[str, Known]:
    """Return the same, by the project's store; one that cannot be asked has learned nothing."""
    try:
        with reading(project.folder) as store:
            return known_by(project, store)
    except (StoreError, Stopped):
        return known_by(project, None)


def must_wait(project: Project, known: Mapping[str, Known]) -> Mapping[str, tuple[str, ...]]:
    """Return the topics of which it is not known how long they may be silent, by the rules that await something by them."""
    settings = project.settings.kafka
    if settings is None:
        return {}
    return unheard(project.rules, settings, known=[topic for topic, each in known.items() if each.patience is not None])


def unheard_in(project: Project) -> Iterator[Fault]:
    """Yield a warning for each rule that cannot go live yet."""
    known = known_of(project) if project.settings.kafka else {}
    for rule, topics in must_wait(project, known).items():
        place = next(str(each.place) for each in project.rules if each.name == rule)
        yield Fault(place, _fact(rule, topics), _remedy(topics), warning=True)


def may_go_live(project: Project, rule: str) -> None:
    """Raises Stopped where what a rule misses may only be unheard."""
    if project.settings.kafka and (topics := must_wait(project, known_of(project)).get(rule)):
        raise stop(Exit.REFUSED, project.folder / SETTINGS, _fact(rule, topics), _remedy(topics))


def _fact(rule: str, topics: Collection[str]) -> str:
    named = ", ".join(f"`{topic}`" for topic in topics)
    return f"`{rule}` finds something missing, and nobody knows yet how long {named} may be silent: it cannot go live"


def _remedy(topics: Collection[str]) -> str:
    sources = ", ".join(f"{topic}: {{quiet_after: 2h}}" for topic in topics)
    return f"write `sources: {{{sources}}}`, or wait until four weeks are known"
