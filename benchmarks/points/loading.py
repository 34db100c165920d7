"""Seconds to load, check and compile a project: python -m benchmarks.points.loading RULES."""

from time import process_time

from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import detectors, write_events
from benchmarks.workload.project import write_project
from rules.compiler import RuleSet, compile_rules
from rules.generating import function_for
from streams.project import load_project

PATTERN = "by_value"


def point(rules: str) -> Answer:
    number = int(rules)
    with a_folder() as folder:
        write_project(folder, detectors(PATTERN, number), events=write_events(folder, PATTERN, number))
        begun = process_time()
        project = load_project(folder)
        loaded = process_time()
        write_functions(compile_rules(project.rules, project.catalogue))
        compiled = process_time() - loaded
        return {"load_seconds": loaded - begun + compiled, "compile_seconds": compiled}


def write_functions(ruleset: RuleSet) -> None:
    """Write the function of every event type, which else comes with the first such event."""
    for plan in ruleset.plans.values():
        for event_type in plan.readings:
            function_for(plan, event_type)


if __name__ == "__main__":
    main(point)
