"""The growth chart: lines over two logarithmic axes, written as SVG by hand; it needs no package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, floor, log10

Points = list[tuple[float, float]]
WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 40, 60
COLOURS = ("#1b6ca8", "#c2571a", "#4d8b31", "#7a4f9a")


def svg(title: str, x_label: str, y_label: str, lines: Mapping[str, Points]) -> str:
    """A chart of `lines` by name; all numbers are above zero. Dots are what was measured."""
    drawn = {name: sorted(points) for name, points in lines.items() if points}
    every = [point for points in drawn.values() for point in points]
    x_from, x_to = _decades([x for x, _ in every])
    y_from, y_to = _decades([y for _, y in every])

    def x_of(value: float) -> float:
        return LEFT + (log10(value) - x_from) / (x_to - x_from) * (WIDTH - LEFT - RIGHT)

    def y_of(value: float) -> float:
        return HEIGHT - BOTTOM - (log10(value) - y_from) / (y_to - y_from) * (HEIGHT - TOP - BOTTOM)

    def grid() -> Iterator[str]:
        for power in range(x_from, x_to + 1):
            x = x_of(10**power)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>'
            yield _text(x, HEIGHT - BOTTOM + 18, _number(power), "middle")
        for power in range(y_from, y_to + 1):
            y = y_of(10**power)
            yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>'
            yield _text(LEFT - 8, y + 4, _number(power), "end")

    def series() -> Iterator[str]:
        for number, (name, points) in enumerate(drawn.items()):
            colour = COLOURS[number % len(COLOURS)]
            path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in points)
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
            yield from (f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="4" fill="{colour}"/>' for x, y in points)
            yield f'<rect x="{LEFT + 14}" y="{TOP + 8 + 20 * number}" width="12" height="12" fill="{colour}"/>'
            yield _text(LEFT + 32, TOP + 19 + 20 * number, name, "start")

    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            _text(WIDTH / 2, 22, title, "middle", size=15),
            *grid(),
            *series(),
            _text(WIDTH / 2, HEIGHT - 14, x_label, "middle"),
            f'<g transform="rotate(-90 18 {HEIGHT / 2})">{_text(18, HEIGHT / 2, y_label, "middle")}</g>',
            "</svg>\n",
        ]
    )


def _decades(values: list[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _number(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    said = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="#333">{said}</text>'
