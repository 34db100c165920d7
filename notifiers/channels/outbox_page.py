"""What the local outbox looks like: a page a day that grows article by article, and the page that names the days.

No page has closing tags at its end, for every browser closes what is open there (HTML 13.2.6.4.7): so what comes later is added
without reading what is there.
"""

from html import escape

from contracts.message import Message
from contracts.times import instant_text

SMALL_PRINT = "\n\n-- \n"

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>
:root { color-scheme: light dark; --paper: #fff; --desk: #f1f1ec; --ink: #1c1c1a; --faint: #5c5c55; --link: #0b4f8a; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #22221f; --desk: #161614; --ink: #ecece8; --faint: #a9a9a1; --link: #8ec5f7; }
}
body { max-width: 40rem; margin: 0 auto; padding: 1rem; background: var(--desk); color: var(--ink); }
body { font: 1.0625rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 1rem 0; }
a { color: var(--link); }
article { background: var(--paper); border-radius: .5rem; padding: 1.1rem 1.4rem; margin: 0 0 1rem; }
article { content-visibility: auto; contain-intrinsic-size: auto 22rem; }
article:target { outline: .15rem solid var(--link); }
h2 { font-size: 1.15rem; line-height: 1.35; margin: .3rem 0 .7rem; }
p { white-space: pre-line; margin: 0 0 .8rem; }
.about, .small { font-size: .875rem; color: var(--faint); margin: 0; }
article .about a { color: inherit; text-decoration: none; }
article .about a:hover, article .about a:focus { text-decoration: underline; }
.small { border-top: 1px solid var(--desk); padding-top: .7rem; }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .4rem; padding: 0; list-style: none; }
</style>
</head>
<body>
<main>
"""
DAYS = HEAD % "Outbox" + "<h1>What was told, day by day</h1>\n<ul>\n"


def day_head(day: str) -> str:
    return HEAD % f"Outbox, {day}" + f'<p class="about"><a href="index.html">All days</a>\n<h1>{day}</h1>\n'


def day_link(day: str) -> str:
    return f'<li><a href="{day}.html">{day}</a>\n'


def article(message: Message) -> str:
    """Return what the customer reads: headline, story, and the small print below a line."""
    story, _, small_print = message.text.partition(SMALL_PRINT)
    time = instant_text(message.composed_at)[11:16]
    about = f"{time} UTC, to {escape(message.customer)} by {escape(message.channel)}"
    small = f'<p class="small">{escape(small_print.strip())}</p>\n' if small_print else ""
    return f"""<article id="{message.message}" lang="{escape(message.language)}" dir="auto">
<p class="about" lang="en"><a href="#{message.message}">{about}</a>
<h2>{escape(message.title)}</h2>
<p>{escape(story.removeprefix(message.title).strip())}</p>
{small}</article>
"""
