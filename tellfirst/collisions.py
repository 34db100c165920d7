"""Whether one of our package names resolves elsewhere: `rules` and `storage` also exist as other distributions."""

from collections.abc import Mapping
from importlib.machinery import PathFinder
from pathlib import Path

PACKAGES = ("contracts", "rules", "notifiers", "storage", "streams", "tellfirst")
HOME = Path(__file__).resolve().parent.parent


def elsewhere(home: Path = HOME) -> Mapping[str, str]:
    """Return each of our names that does not resolve to the folder beside this package, and where it does resolve."""
    found = {name: _origin(name) for name in PACKAGES}
    return {name: origin for name, origin in found.items() if origin != str(home / name)}


def _origin(name: str) -> str:
    spec = PathFinder.find_spec(name)
    if spec is None or spec.origin is None:
        return "nowhere"
    return str(Path(spec.origin).resolve().parent)
