"""A seed comes in; a small world runs through the real core, store and courier while things break, and every promise is checked."""

from streams.simulator.house import House
from streams.simulator.run import Outcome, simulate

__all__ = ["House", "Outcome", "simulate"]
