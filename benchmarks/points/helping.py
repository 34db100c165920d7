"""Seconds on the clock until `tellfirst --help` has answered: python -m benchmarks.points.helping."""

import subprocess
import sys
from time import perf_counter

from benchmarks.places import ROOT
from benchmarks.points.point import main
from benchmarks.rounds import Answer

HELP = "import sys; sys.argv = ['tellfirst', '--help']; from tellfirst.cli import main; main()"


def point() -> Answer:
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, check=True)
    return {"seconds": perf_counter() - begun}


if __name__ == "__main__":
    main(point)
