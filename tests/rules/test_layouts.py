"""The same rules lay a case's memory out alike in every process, so that after a restart memories are read as they are."""

import os
import subprocess
import sys

RULE = """
rule: odd-parcel
title: A parcel is odd
watch: parcel
from: shipment.created
detect:
  busy: {when: 'count(delivery.scanned, 1d) + count(delivery.attempted, 1d) + count(shipment.handed_over, 1d) > 9',
         says: may be lost}
message:
  what: {may be lost: Your parcel may be lost.}
  effect: We do not know yet what this changes for you.
  why: We do not know the cause yet.
  doing: We are looking into it.
  you_need_to: nothing
  choices: []
  cleared: It is well again.
  solved: It is here.
"""
PRINT = "import sys; from tests.rules.core_run import compiled; print(compiled(sys.argv[1]).plans['parcel'].layout)"


def test_a_layout_does_not_depend_on_how_a_process_orders_its_sets() -> None:
    layouts = {
        subprocess.run(
            [sys.executable, "-c", PRINT, RULE],
            env=os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for seed in range(1, 6)
    }

    assert len(layouts) == 1
