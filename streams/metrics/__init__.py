"""Every number that a running tellfirst shows: defined once, and fed from the counts that the floors return."""

from streams.metrics.measuring import Metrics

__all__ = ["Metrics"]
