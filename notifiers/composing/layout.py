"""Stories become a message that a person can read: one plain text, one whole page of HTML."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct

PAGES = Environment(
    loader=PackageLoader("notifiers", "composing"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
LAYOUT = PAGES.get_template("layout.html")


class Offer(Struct, frozen=True):
    """One choice of the customer. link: a web or mail address, None where there is none."""

    text: str
    link: str | None


class Story(Struct, frozen=True, kw_only=True):
    """One notice in words. sections: name to text, headline first, in order of reading; `choices` is offer and offers as text."""

    sections: dict[str, str]
    offer: str = ""
    offers: tuple[Offer, ...] = ()

    @property
    def headline(self) -> str:
        return next(iter(self.sections.values()))

    @property
    def before(self) -> list[str]:
        """What is said before the choices, without the headline."""
        names = list(self.sections)[1:]
        return [self.sections[name] for name in names if name not in ("choices", "hear_again")]

    @property
    def after(self) -> list[str]:
        return [self.sections["hear_again"]] if "hear_again" in self.sections else []


def as_text(title: str, stories: Sequence[Story], small_print: Sequence[str]) -> str:
    several = len(stories) > 1
    blocks = ["\n".join(list(story.sections.values())[0 if several else 1 :]) for story in stories]
    return "\n\n".join([title, *(block for block in blocks if block), "-- \n" + "\n".join(small_print)]) + "\n"


def as_page(title: str, stories: Sequence[Story], small_print: Sequence[str], *, language: str) -> str:
    return LAYOUT.render(title=title, stories=stories, small_print=small_print, language=language, several=len(stories) > 1)
