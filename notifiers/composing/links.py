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

    def what_to_stop(self, token: str, *, now: int) -> tuple[str, str]:
        """Return the customer and the rule of a token. Raises BadData for one that we did not make, ValueError for an old one."""
        customer, rule, ends = self._stop.loads(token)
        if now // SECOND > ends:
            raise ValueError("the link is older than it may be")
        return customer, rule
