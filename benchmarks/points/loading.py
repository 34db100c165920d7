"""Seconds to load, check and compile a project: python -m benchmarks.points.loading RULES."""

from time import process_time

from benchmarks.contestants.ours import write_functions
from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import detectors, write_events
from benchmarks.workload.project import write_project
from rules.compiler import compile_rules
from streams.collecting import rare_collection
from streams.project import load_project

PATTERN = "by_value"


def point(rules: str) -> Answer:
    number = int(rules)
    with a_folder() as folder:
        write_project(folder, detectors(PATTERN, number), events=write_events(folder, PATTERN, number))
        begun = process_time()
        project = load_project(folder)
        loaded = process_time()
        with rare_collection():
            write_functions(compile_rules(project.rules, project.catalogue))
        compiled = process_time() - loaded
        return {"load_seconds": loaded - begun + compiled, "compile_seconds": compiled}


if __name__ == "__main__":
    main(point)
