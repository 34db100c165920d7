"""The whole answer to `why`, as one document that can be printed as it is or told in words."""

from rules.compiler import RuleSet
from storage.store import CaseRow, Store
from tellfirst.story.looking import looks_of, seen_up_to
from tellfirst.story.person import complaints, profile
from tellfirst.story.plain import Answer
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
        "profile": profile(kept["customer"]),
        "complaints": complaints(kept["complaints"]),
        "problems": problems(kept, rules.tellings),
        "cases": [{"case": row.case, "customer": row.customer, "rules": looks_of(row, rules, layouts, w=w)} for row in known],
    }
