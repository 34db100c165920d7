"""Whether we live, and whether we are ready: a reason for each check that fails."""

from collections.abc import Mapping
from typing import Protocol

from fastapi.responses import JSONResponse


class Health(Protocol):
    """What can be asked of a runtime at any moment, without waiting."""

    def checks(self) -> Mapping[str, str | None]:
        """Return each check with the reason why it fails, None where it is well."""


def readiness(health: Health) -> JSONResponse:
    checks = health.checks()
    ready = all(reason is None for reason in checks.values())
    body = {"ready": ready, "checks": {name: {"ok": reason is None, "reason": reason} for name, reason in checks.items()}}
    return JSONResponse(body, 200 if ready else 503)
