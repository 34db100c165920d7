"""What could be told of a case, or of a rule as its own examples show it: each phase of a problem that customers may hear of."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from contracts.customer import Customer
from contracts.notice import NoticePhase
from contracts.problem import Phase, ProblemPhase
from contracts.tell import RuleTelling
from contracts.telling import ProblemNow, RuleState, Stage
from notifiers.courier.promising import notice_of
from notifiers.gates.question import Question
from notifiers.profiles import Defaults, customer_of, read_profile
from rules.model import Rule, RuleTest
from storage.sql_store import SqlStore
from streams.given import Unreadable
from streams.project import Project
from streams.rule_tests import Trial

SOMEBODY = "C1"


class Scene(Struct, frozen=True):
    """says: a wording of the rule, or the name of an end. question: all that is known when it is put into words."""

    says: str
    question: Question


def scenes_of_case(project: Project, store: SqlStore, case: str) -> list[Scene]:
    """Return the newest scene of each problem of a case, the newest problem first; a problem that ended silently has none."""
    newest = {scene.question.problem.problem: scene for scene in _scenes(project, store, case)}
    return sorted(newest.values(), key=lambda scene: scene.question.notice.at, reverse=True)


def scenes_of_rule(project: Project, rule: Rule) -> list[Scene]:
    """Return a scene for each thing that a rule's examples come to, each once, in the order in which they say it."""
    found: dict[str, Scene] = {}
    for test in rule.tests:
        for scene in asyncio.run(_scenes_of_test(project, rule, test)):
            found.setdefault(scene.says, scene)
    return list(found.values())


async def _scenes_of_test(project: Project, rule: Rule, test: RuleTest) -> list[Scene]:
    with closing(Trial(project, rule, test)) as trial:
        try:
            await trial.run()
        except Unreadable:
            return []
        cases = dict.fromkeys(line["case"] for line in trial.store.export("problems") if line["rule"] == rule.name)
        return [scene for case in cases for scene in _scenes(project, trial.store, case) if scene.question.rule.rule == rule.name]


def _scenes(project: Project, store: SqlStore, case: str) -> Iterator[Scene]:
    """Yield every phase of a case's problems that could be told, oldest first."""
    for recorded in store.story(case)["phases"]:
        phase: ProblemPhase = recorded.phase
        telling = project.ruleset.tellings.get(phase.rule)
        if phase.phase is not Phase.MOOT and telling is not None:
            yield _scene(telling, phase, recorded.found_at, _customer(project, store, phase.customer))


def _scene(telling: RuleTelling, phase: ProblemPhase, found_at: int, customer: Customer) -> Scene:
    problem = ProblemNow(
        problem=phase.problem,
        rule=phase.rule,
        case=phase.case,
        customer=phase.customer,
        watch_start=phase.watch_start,
        number=phase.number,
        phase=phase.phase,
        detector=phase.detector,
        says=phase.says,
        at=phase.opened_at,
        phase_at=phase.at,
        found_at=found_at,
        tries=phase.tries,
        facts=phase.facts,
        fired=phase.fired,
    )
    kind = NoticePhase(phase.phase.value)
    urgency, whose = telling.tell.urgency, customer.customer
    notice = notice_of(problem, kind, 0, customer=whose, at=phase.at, now=found_at, urgency=urgency)
    state = RuleState(rule=phase.rule, stage=Stage.LIVE, live_since=0)
    question = Question(notice=notice, rule=telling, state=state, problem=problem, customer=customer, says_when_late=False)
    return Scene(kind.value if kind.ends else phase.says, question)


def _customer(project: Project, store: SqlStore, customer: str | None) -> Customer:
    defaults = Defaults(language=project.settings.language, zone=project.settings.zone)
    row = store.customer(customer) if customer is not None else None
    return customer_of(row, defaults) if row is not None else read_profile(customer or SOMEBODY, {}, defaults)


def spoken_to(scene: Scene, **changes: Any) -> Scene:
    """Return the scene with another customer: the same one with these fields of the profile changed."""
    assert scene.question.customer is not None
    return replace(scene, question=replace(scene.question, customer=replace(scene.question.customer, **changes)))
