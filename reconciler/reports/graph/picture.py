"""The graph as one SVG that needs nothing else: readable by day and by night, and by those who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rich.cells import cell_len

from reconciler.domain import Graph, ResourceKey, Standing
from reconciler.reports.graph.spots import HEIGHT, Point, Spots, placed
from reconciler.reports.graph.standing import NOTES
from reconciler.reports.values import counted
from reconciler.reports.visible import visible

_MARGIN, _PADDING, _LETTER = 12, 12, 7.3
_LONGEST = 40

STYLE = """
.refs{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#8c959f;--box:#f6f8fa;
--good:#1a7f37;--warn:#9a6700;--bad:#cf222e;
font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media(prefers-color-scheme:dark){.refs{--ink:#e6edf3;--soft:#9198a1;--line:#656c76;--box:#151b23;
--good:#3fb950;--warn:#d29922;--bad:#f85149}}
.refs rect{fill:var(--box);stroke:var(--line)}.refs text{fill:var(--ink)}.refs .head{fill:var(--soft);font-size:11px}
.refs path{fill:none;stroke:var(--line)}.refs marker path{fill:var(--line);stroke:none}
.refs .bare rect{stroke-dasharray:5 4}.refs .good rect{stroke:var(--good);stroke-width:2}
.refs .warn rect{stroke:var(--warn);stroke-width:2}.refs .bad rect{stroke:var(--bad);stroke-width:2}
.refs a:focus-visible rect{stroke-width:4}
""".replace("\n", "")


@dataclass(frozen=True, slots=True)
class Look:
    """How an object is drawn: a word beside its kind, a class (good, warn, bad, bare), and where a click leads."""

    note: str = ""
    tone: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Card:
    """One box: the whole name, its two lines of text, and how it looks."""

    whole: str
    head: str
    name: str
    look: Look

    @property
    def width(self) -> float:
        return 2 * _PADDING + _LETTER * max(cell_len(self.head), cell_len(self.name))


def picture(graph: Graph, title: str, look: Callable[[ResourceKey], Look] | None = None) -> str:
    """All objects that refer to something or are referred to, from left to right."""
    keys = sorted(graph.linked)
    number = {key: at for at, key in enumerate(keys)}
    targets = [[number[target] for target in sorted(graph.edges.get(key, ()))] for key in keys]
    cards = [_card(key, look(key) if look else _by_standing(graph.nodes[key])) for key in keys]
    spots = placed(targets, [card.width for card in cards])
    arrows = map(_arrow, spots.arrows)
    boxes = (_box(spots.boxes[at], card) for at, card in enumerate(cards))
    counts = f"{counted(len(keys), 'object')}, {counted(sum(map(len, targets)), 'reference')}"
    return "\n".join([*_head(spots, visible(title), counts), *arrows, *boxes, "</svg>\n"])


def _by_standing(standing: Standing) -> Look:
    tones = {Standing.MANIFEST: "", Standing.MISSING: "bare bad"}
    return Look(NOTES[standing], tones.get(standing, "bare"))


def _card(key: ResourceKey, look: Look) -> _Card:
    name = visible(key.id)
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[1 - _LONGEST // 2 :]}"
    return _Card(visible(str(key)), f"{key.kind} · {look.note}" if look.note else key.kind, short, look)


def _head(spots: Spots, title: str, counts: str) -> Iterator[str]:
    width, height = (f"{size + 2 * _MARGIN:.0f}" for size in (spots.width, spots.height))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="refs" role="img" aria-labelledby="refs-title refs-about" '
        f'viewBox="-{_MARGIN} -{_MARGIN} {width} {height}" width="{width}" height="{height}">'
    )
    yield f'<title id="refs-title">{escape(title)}</title>'
    yield f'<desc id="refs-about">{counts}; each arrow leads to what is referred to.</desc>'
    yield f"<style>{STYLE}</style>"
    yield (
        '<defs><marker id="refs-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
    )


def _box(at: Point, card: _Card) -> str:
    x, y = at
    shape = (
        f'<g class="{card.look.tone}"><title>{escape(card.whole)}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{card.width:.1f}" height="{HEIGHT}" rx="6"/>'
        f'<text class="head" x="{x + _PADDING:.1f}" y="{y + 16:.1f}">{escape(card.head)}</text>'
        f'<text x="{x + _PADDING:.1f}" y="{y + 31:.1f}">{escape(card.name)}</text></g>'
    )
    return f'<a href="{escape(card.look.link)}">{shape}</a>' if card.look.link else shape


def _arrow(points: Sequence[Point]) -> str:
    return f'<path d="{" ".join(_curve(points))}" marker-end="url(#refs-tip)"/>'


def _curve(points: Sequence[Point]) -> Iterator[str]:
    """Level at every point, and from one column to the next in a bow; back to the left above the boxes."""
    (x, y), *rest = points
    yield f"M{x:.1f} {y:.1f}"
    for right, low in rest:
        bow, rise = (max((right - x) / 2, 24.0), 0) if right > x else (48.0, HEIGHT)
        yield f"C{x + bow:.1f} {y - rise:.1f} {right - bow:.1f} {low - rise:.1f} {right:.1f} {low:.1f}"
        x, y = right, low
