"""Links that a customer may follow: signed, for one thing only, and good for a time."""

from itsdangerous import URLSafeSerializer

from contracts.times import DAY, SECOND

GOOD_FOR = 90 * DAY
STOP = "stop"


class Links:
    """base: where the pages are, https. secret: at least 16 signs; whoever has it can make such links."""

    def __init__(self, base: str, secret: str) -> None:
        self._base, self._stop = base.rstrip("/"), URLSafeSerializer(secret, salt=f"tellfirst.{STOP}")

    def stop(self, customer: str, rule: str, *, now: int) -> str:
        """Return where one POST stops what this rule tells this customer (RFC 8058); it names when it ends, in seconds."""
        return f"{self._base}/{STOP}/{self._stop.dumps([customer, rule, (now + GOOD_FOR) // SECOND])}"
