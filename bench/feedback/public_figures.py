"""A figure of a public set as it is printed: ours, the best light baseline that was measured, the published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure, from 0 to 1.

    ``where``: what was asked of what; ``baseline``: of the light models measured before this project, None
    where none was measured on these rows; ``published``: the best that we know of, in words.
    """

    name: str
    where: str
    measure: str
    texts: int
    ours: float
    baseline: float | None
    published: str

    def line(self, wide: int) -> str:
        """One line of the table; ``wide`` is the width of its first column."""
        before = "-" if self.baseline is None else f"{self.baseline:.3f}"
        first = f"{self.name}, {self.measure}"
        return f"{first:<{wide}} {self.ours:.3f}  {before:>6}  {self.published:<34} {self.texts:>5}  {self.where}"


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line, under their titles."""
    wide = max(len(f"{figure.name}, {figure.measure}") for figure in figures)
    title = f"{'set':<{wide}} {'ours':<5}  {'before':>6}  {'published best':<34} texts  how"
    return "\n".join([title, *(figure.line(wide) for figure in figures)])
