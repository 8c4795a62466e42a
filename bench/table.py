"""The table of results: part, what, figure, goal, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (9, 36, 9, 8, 5)


@dataclass(frozen=True)
class Result:
    """One line. `goal` empty: a figure to know, not to meet."""

    part: str
    what: str
    figure: float | None
    """None where it could not be measured."""
    goal: str = ""
    """Such as "<= 2" or ">= 0.7"."""
    unit: str = ""
    """Empty for a ratio."""
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one, and where nothing was measured."""
        if not self.goal or self.figure is None:
            return None
        sign, _space, limit = self.goal.partition(" ")
        return self.figure <= float(limit) if sign == "<=" else self.figure >= float(limit)

    def line(self) -> str:
        """The result as one line of the table."""
        figure = "not measured"
        if self.figure is not None:
            figure = f"{self.figure:.{2 if self.figure < 50 else 0}f}{self.unit}"
        word = {None: "", True: "yes", False: "NO"}[self.met]
        cells = (self.part, self.what, figure, self.goal, word)
        filled = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)]
        return f"{' '.join(filled)} {self.note}".rstrip()


def head() -> str:
    """The line above the results."""
    cells = ("part", "what", "ratio", "goal", "met")
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
