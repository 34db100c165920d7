"""Stories become what a person reads: a plain text for each kind of channel, and one whole page of HTML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files

from msgspec import Struct

from notifiers.composing.customs import direction
from notifiers.composing.sms import as_sms

PAGE = re.split(r"\$(\w+)", files("notifiers.composing").joinpath("layout.html").read_text(encoding="utf-8"))
NEXT = frozenset({"you_need_to", "choices", "hear_again"})
OWN_WORDS = frozenset({"person", "preferences", "sender"})
CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)\w+(?:-\w+)+")
ADDRESS = re.compile(r"(\bhttps?://\S*[^\s.,;:!?)])")


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


def as_text(title: str, stories: Sequence[Story], small_print: Sequence[str]) -> str:
    """Return a mail without HTML: title, stories, and below a line of two dashes the small print."""
    several = len(stories) > 1
    blocks = ["\n".join(list(story.sections.values())[0 if several else 1 :]) for story in stories]
    return "\n\n".join([title, *filter(None, blocks), "-- \n" + "\n".join(small_print)]) + "\n"


def as_short_text(stories: Sequence[Story], small_print: Sequence[str]) -> str:
    """Return what an SMS says, one line after the other."""
    return as_sms([*(text for story in stories for text in story.sections.values()), *small_print])


def as_lines(title: str, stories: Sequence[Story]) -> str:
    """Return what a push notification says: its title, and one line of all the rest."""
    rest = [text for story in stories for text in list(story.sections.values())[0 if len(stories) > 1 else 1 :]]
    return "\n".join(filter(None, [title, " ".join(rest)]))


def as_page(title: str, stories: Sequence[Story], small_print: Mapping[str, str], *, language: str) -> str:
    several = len(stories) > 1
    filled = {
        "title": escape(title),
        "headline": _words(title),
        "story": "\n".join(line for story in stories for line in _story(story, several=several)),
        "small_print": "\n".join((_linked if name in OWN_WORDS else _paragraph)(text) for name, text in small_print.items()),
    }
    return "".join([filled.get(part, part) for part in _frame(language)])


@lru_cache(maxsize=256)
def _frame(language: str) -> list[str]:
    """Return the page in its parts; every second one is the name of what is filled in."""
    known = {"language": escape(language), "direction": direction(language)}
    return [known.get(part, part) for part in PAGE]


def _story(story: Story, *, several: bool) -> Iterator[str]:
    if several:
        yield f"<h2>{_words(story.headline)}</h2>"
    yield from (_paragraph(text) for name, text in list(story.sections.items())[1:] if name not in NEXT)
    if coming := list(_next(story)):
        yield '<div class="next">'
        yield from coming
        yield "</div>"


def _next(story: Story) -> Iterator[str]:
    """Yield what comes next: what the customer has to do and can choose, and when more is heard."""
    if "you_need_to" in story.sections:
        yield _paragraph(story.sections["you_need_to"])
    if story.offers:
        yield f"{_paragraph(story.offer)}\n<ul>"
        yield from map(_offer, story.offers)
        yield "</ul>"
    if "hear_again" in story.sections:
        yield _paragraph(story.sections["hear_again"])


@lru_cache(maxsize=4096)
def _paragraph(text: str) -> str:
    return f"<p>{_words(text)}</p>"


@lru_cache(maxsize=4096)
def _linked(text: str) -> str:
    """Return a paragraph in which each web address is a link; not for words in which an event may have put one."""
    first, *rest = ADDRESS.split(text)
    links = [_link(address) + _words(after) for address, after in zip(rest[::2], rest[1::2], strict=True)]
    return f"<p>{_words(first)}{''.join(links)}</p>"


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'


def _words(text: str) -> str:
    """Return a text in which no line ends within a number or code such as 0034-5521 that fits a line."""
    plain = escape(text)
    return CODE.sub(r'<span class="code">\g<0></span>', plain) if "-" in plain else plain


@lru_cache(maxsize=1024)
def _offer(offer: Offer) -> str:
    text = escape(offer.text)
    return f'<li class="link"><a href="{escape(offer.link)}">{text}</a></li>' if offer.link else f"<li>{text}</li>"
