"""A seed in: a small world runs through the real core, store and courier while all breaks. What must never happen out."""

from streams.simulator.house import House
from streams.simulator.run import Outcome, simulate

__all__ = ["House", "Outcome", "simulate"]
