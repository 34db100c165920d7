"""The whole answer to `why`, as one document that can be printed as it is or told in words."""

from rules.compiler import RuleSet
from storage.store import CaseRow, CustomerRow, Store
from tellfirst.story.looking import looks_of, seen_up_to
from tellfirst.story.plain import Answer, instant, picked
from tellfirst.story.telling import problems


def story_of(about: str, store: Store, rules: RuleSet) -> Answer:
    """about: KIND/ID, or a customer's bare id. Every instant is RFC 3339; every fact names the event it came from."""
    kept = store.story(about)
    layouts, w = store.layouts(), seen_up_to(store)
    known: list[CaseRow] = list(kept["cases"])
    return {
        "about": about,
        "known": bool(known or kept["problems"] or kept["customer"]),
        "linked": list(kept["linked"]),
        "profile": _profile(kept["customer"]),
        "complaints": [picked(each, "about", "raised_at", "resolved_at") for each in kept["complaints"]],
        "problems": problems(kept, rules.tellings),
        "cases": [{"case": row.case, "customer": row.customer, "rules": looks_of(row, rules, layouts, w=w)} for row in known],
    }


def _profile(row: CustomerRow | None) -> list[Answer]:
    """Return the newest of each field, with the event that said it."""
    known = row.profile.items() if row is not None else ()
    return [{"field": name, "value": value, "event": by, "time": instant(at)} for name, (value, at, by) in known]
