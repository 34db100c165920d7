"""Lines over two logarithmic axes in, an SVG out that reads well in the light and in the dark."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple, TypeAlias

Points: TypeAlias = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 88, 48, 56, 36
LEGEND_STEP = 20
COLOURS = ("#3b7dd8", "#d8743b", "#3ba55d", "#a05bd8")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#667}.title{font-size:16px;font-weight:600}"
    ".grid{stroke:#8894;stroke-width:1}.line{fill:none;stroke-width:2.5}"
)


class Axis(NamedTuple):
    """Whole powers of ten; begin, end: the pixels of the lowest and the highest."""

    lowest: int
    highest: int
    begin: float
    end: float

    def at(self, value: float) -> float:
        share = (log10(value) - self.lowest) / (self.highest - self.lowest)
        return round(self.begin + share * (self.end - self.begin), 1)

    def marks(self) -> list[float]:
        return [10.0**power for power in range(self.lowest, self.highest + 1)]


def plot(title: str, lines: Mapping[str, Points], *, across: str, up: str) -> str:
    """Return the SVG of these lines. across, up: what the axes say. All values are above zero, and there is at least one."""
    x = _axis([each[0] for points in lines.values() for each in points], LEFT, WIDTH - RIGHT)
    y = _axis([each[1] for points in lines.values() for each in points], HEIGHT - BOTTOM, TOP)
    parts = [*_frame(title, across, up), *_grid(x, y)]
    for number, (name, points) in enumerate(lines.items()):
        parts += _line(name, points, number, x, y)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT + LEGEND_STEP * len(lines)}" role="img" aria-label="{escape(title)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"


def _axis(values: Sequence[float], begin: float, end: float) -> Axis:
    lowest, highest = floor(log10(min(values))), ceil(log10(max(values)))
    return Axis(lowest, max(highest, lowest + 1), begin, end)


def _frame(title: str, across: str, up: str) -> Iterator[str]:
    yield f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>'
    yield f'<text x="{LEFT}" y="44">{escape(up)}</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="44" text-anchor="end">against {escape(across)}</text>'


def _grid(x: Axis, y: Axis) -> Iterator[str]:
    for mark in x.marks():
        yield f'<path class="grid" d="M{x.at(mark)} {TOP}V{HEIGHT - BOTTOM}"/>'
        yield f'<text x="{x.at(mark)}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{_number(mark)}</text>'
    for mark in y.marks():
        yield f'<path class="grid" d="M{LEFT} {y.at(mark)}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y.at(mark) + 4}" text-anchor="end">{_number(mark)}</text>'


def _line(name: str, points: Points, number: int, x: Axis, y: Axis) -> Iterator[str]:
    colour = COLOURS[number % len(COLOURS)]
    places = [(x.at(across), y.at(up)) for across, up in points]
    yield f'<path class="line" stroke="{colour}" d="M{"L".join(f"{left} {top}" for left, top in places)}"/>'
    yield from (f'<circle cx="{left}" cy="{top}" r="3.5" fill="{colour}"/>' for left, top in places)
    height = HEIGHT + 8 + number * LEGEND_STEP
    yield f'<path class="line" stroke="{colour}" d="M{LEFT} {height - 4}h22"/>'
    yield f'<text x="{LEFT + 30}" y="{height}">{escape(name)}</text>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
