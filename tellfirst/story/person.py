"""What is known of a customer: the newest of each field of the profile, with the event that said it; and complaints."""

from collections.abc import Sequence

from storage.store import Complaint, CustomerRow
from tellfirst.story.plain import Answer, instant


def profile(row: CustomerRow | None) -> list[Answer]:
    if row is None:
        return []
    return [{"field": name, "value": value, "event": by, "time": instant(at)} for name, (value, at, by) in row.profile.items()]


def complaints(found: Sequence[Complaint]) -> list[Answer]:
    return [
        {"about": each.about, "raised_at": instant(each.raised_at), "resolved_at": instant(each.resolved_at)} for each in found
    ]
