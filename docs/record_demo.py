"""The demo in, demo.svg out: a recording of what a terminal shows of it, which any browser plays without a script.

`make recording` runs it. rich draws each frame; one animation moves the strip of frames past the window.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import chdir
from io import StringIO
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console, Group, RenderableType
from rich.terminal_theme import MONOKAI
from rich.text import Text

from tellfirst.demo.board import Board
from tellfirst.demo.picture import picture
from tellfirst.demo.play import play
from tellfirst.demo.words import in_words

RECORDING = Path(__file__).parent / "demo.svg"
SEED = 1
COLUMNS, LINES = 100, 27
FRAMES, STORY_SECONDS, END_SECONDS = 20, 10.0, 12.0
PROMPT = Text("$ ", "green").append("tellfirst demo", "default")


class Frame(NamedTuple):
    """One frame as the parts that rich makes of it. x, y: where the screen begins in its window."""

    styles: str
    backgrounds: str
    matrix: str
    chrome: str
    width: str
    height: str
    x: str
    y: str


PARTS = "\0".join(("{styles}", "{backgrounds}", "{matrix}", "{chrome}", "{width}", "{height}", "{terminal_x}", "{terminal_y}"))
CLIP = re.compile(r' clip-path="[^"]*"')
PAGE = Template("""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" role="img" aria-label="tellfirst demo in a terminal">
<style>
text { font: 20px 'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre }
.strip { transform: translateX(-${last}px); animation: play ${seconds}s step-end infinite }
@keyframes play { $moves }
@media (prefers-reduced-motion: reduce) { .strip { animation: none } }
$styles
</style>
$chrome
<svg x="$x" y="$y" width="$window" height="$height" viewBox="0 0 $window $height"><g class="strip">
$frames
</g></svg>
</svg>
""")


class Recorder(Board):
    """A board that is drawn at equal distances of the story, whatever the pace of the machine."""

    def __init__(self) -> None:
        super().__init__(elapsed=lambda: STORY_SECONDS * self.records / self.total)
        self.shown: list[RenderableType] = []

    def read(self, records: int) -> None:
        super().read(records)
        if records * FRAMES >= self.total * len(self.shown):
            self.shown.append(Group(PROMPT, picture(self, width=COLUMNS, height=LINES)))


def recorded() -> list[RenderableType]:
    """Play the demo and return what is shown of it; the last is its ending."""
    recorder = Recorder()
    with TemporaryDirectory() as folder, chdir(folder):
        result = asyncio.run(play(Path("shop"), SEED, recorder))
    return [*recorder.shown, Group(PROMPT, *in_words(result, COLUMNS, tall=False))]


def frame_of(shown: RenderableType, number: int) -> Frame:
    """Draw on a terminal of a fixed size; what is left of its lines stays empty."""
    paper = StringIO()
    console = Console(file=paper, record=True, width=COLUMNS, force_terminal=True, color_system="truecolor", highlight=False)
    console.print(shown, crop=True)
    for _ in range(LINES - paper.getvalue().count("\n")):
        console.print()
    return Frame(
        *console.export_svg(title="tellfirst demo", theme=MONOKAI, code_format=PARTS, unique_id=f"f{number}").split("\0")
    )


def moves(count: int, window: float) -> Iterator[str]:
    """Yield when each frame is moved into the window; the last one stays the longest."""
    each = 100 * STORY_SECONDS / (STORY_SECONDS + END_SECONDS) / (count - 1)
    return (f"{number * each:.3f}% {{ transform: translateX(-{number * window:g}px) }}" for number in range(count))


def page(frames: Sequence[Frame]) -> str:
    first = frames[0]
    window = float(first.width)
    strips = (
        f'<g transform="translate({number * window:g},0)">{each.backgrounds}{CLIP.sub("", each.matrix)}</g>'
        for number, each in enumerate(frames)
    )
    return PAGE.substitute(
        width=first.width,
        height=first.height,
        x=first.x,
        y=first.y,
        window=window - 2 * float(first.x),
        last=(len(frames) - 1) * window,
        seconds=STORY_SECONDS + END_SECONDS,
        moves=" ".join(moves(len(frames), window)),
        styles="\n".join(each.styles for each in frames),
        chrome=first.chrome,
        frames="\n".join(strips),
    )


if __name__ == "__main__":
    RECORDING.write_text(page([frame_of(shown, number) for number, shown in enumerate(recorded())]), encoding="utf-8")
