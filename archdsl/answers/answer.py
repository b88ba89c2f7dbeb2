"""What all answers have in common: three forms. Must not know what is answered."""

from __future__ import annotations

from typing import Any

from archdsl.analysis.dtypes import UnknownChoice

WIDTH = 10_000
"""Nothing is left out or cut where no one says how wide it may be."""
FORMATS = ("table", "json", "markdown")


class Answer:
    """An answer in any form: `table` (for a terminal, which `print` shows), `json`, `markdown`."""

    formats: tuple[str, ...] = FORMATS

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: plain dicts, lists, strings, numbers, booleans and None."""
        raise NotImplementedError

    def table(self, width: int = WIDTH) -> str:
        """For a terminal of so many columns."""
        raise NotImplementedError

    def markdown(self) -> str:
        """For a page or a comment."""
        raise NotImplementedError

    def form(self, name: str, width: int = WIDTH) -> str:
        """The answer in the form of that name.

        Raises:
            UnknownChoice: there is no such form.
        """
        if name == "json":
            from json import dumps

            return dumps(self.to_dict(), indent=2)
        if name == "table":
            return self.table(width)
        if name not in self.formats:
            raise UnknownChoice("format", name, self.formats)
        return self.markdown()

    def __str__(self) -> str:
        return self.table()


def lines_in_markdown(title: str, lines: list[tuple[str, str]]) -> str:
    """A title, and a list of what is told under names, in our own words: their code stays code."""
    told = [f"- **{name}** {_no_tags(text)}" if name else f"  {_no_tags(text)}" for name, text in lines]
    return "\n".join([f"**{_no_tags(title)}**", "", *told])


def _no_tags(text: str) -> str:
    return text.replace("<", "&lt;")
