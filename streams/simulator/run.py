"""One seed: a world, a house and a schedule of what goes wrong; at the end all heals, and what was done is checked."""

from dataclasses import dataclass

from contracts.times import HOUR, MINUTE
from storage.sqlite import SqliteStore
from streams.simulator.checks import CHECKS
from streams.simulator.evidence import Evidence, Violation
from streams.simulator.house import SETTLE, House
from streams.simulator.processes import Processes
from streams.simulator.reference import RUNS_ON, make_reference
from streams.simulator.schedule import Schedule
from streams.simulator.story import epilogue, prologue
from streams.simulator.world import DELAY, make_world

MOST_LEAPS = 2_000
PRODUCT = House()


@dataclass(frozen=True)
class Outcome:
    """story: what happened, line by line. violations: what must never happen, and did."""

    seed: int
    story: tuple[str, ...]
    violations: tuple[Violation, ...]


def simulate(seed: int, *, house: House = PRODUCT) -> Outcome:
    """Run one seed to its end; the same seed runs the same way again."""
    world, schedule = make_world(seed), Schedule(seed)
    processes = Processes(world, house, schedule)
    live(processes, schedule, until=world.log[-1].at + HOUR)
    heal(processes, until=world.log[-1].at + RUNS_ON)
    evidence = Evidence(world, make_reference(world), processes.database, processes.mail, processes.down_for)
    violations = tuple(violation for check in CHECKS for violation in check(evidence))
    story = (*prologue(world), *processes.story.lines(), *epilogue(processes.database, processes.mail), *map(str, violations))
    processes.database.close()
    return Outcome(seed, story, violations)


def live(processes: Processes, schedule: Schedule, *, until: int) -> None:
    """Let the world happen, and things break on the way."""
    processes.read()
    while processes.clock.true < until:
        processes.clock.go_on(schedule.pause())
        if schedule.clock_jumps():
            _let_clock_jump(processes, schedule)
        _take_turns(processes, schedule)


def _take_turns(processes: Processes, schedule: Schedule) -> None:
    for turn in schedule.order((processes.read, processes.tell, processes.wake_stalled, processes.hear_back)):
        turn()


def _let_clock_jump(processes: Processes, schedule: Schedule) -> None:
    """The clock is an hour wrong, for less than W settles after a jump."""
    processes.clock.jump(schedule.jump())
    processes.story.say("clock", f"is an hour {'ahead' if processes.clock.ahead > 0 else 'behind'}")
    for _ in range(2):
        _take_turns(processes, schedule)
        processes.clock.go_on(1)
    processes.clock.jump(0)
    processes.story.say("clock", "is right again")


def heal(processes: Processes, *, until: int) -> None:
    """Nothing breaks any more: the log is read to its end, and time goes on until nothing is left to do."""
    processes.story.say("world", "from here on nothing breaks any more")
    processes.calm()
    for _ in range(MOST_LEAPS):
        processes.read()
        processes.clock.go_on(SETTLE // MINUTE + 1)
        processes.read()
        processes.hear_back()
        processes.tell()
        moment = _next_moment(processes, until=until)
        if moment is None:
            return
        processes.clock.leap(moment)
    processes.story.say("world", "there is no end of it")


def _next_moment(processes: Processes, *, until: int) -> int | None:
    """Return when something is to be done next, None when there is nothing and the time is over."""
    assert processes.reader is not None
    ask, ripe = SqliteStore(processes.database).next_ask(), processes.reader.core.next_ripe()
    moments = [until] if processes.clock.true < until else []
    moments += [ask] if ask is not None else []
    moments += [ripe + DELAY] if ripe is not None and processes.clock.true < until else []
    return min(moments, default=None)
