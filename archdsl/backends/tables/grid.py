"""Cells into a table: for a terminal, Markdown or HTML. Must not know what is in the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archdsl.records import NamedTuple

WIDTH = 10_000
"""Nothing is left out or cut where no one says how wide it may be."""
WIDEST_TEXT = 120
"""A table may be as wide as a pipe takes; a sentence is read."""
_LEAST = 8
RULE = None
"""In place of a row: a line between what is listed and the totals."""


class TableColumn(NamedTuple):
    """A heading; whether its cells are aligned right; its rank: if a table is too wide, the highest rank is dropped first."""

    title: str
    right: bool = False
    rank: int = 0


def terminal(columns: Sequence[TableColumn], rows: Sequence[Sequence[str] | None], width: int | None = WIDTH) -> str:
    """The table as lines of at most `width` characters: columns of high rank are left out, then texts are cut."""
    kept = list(range(len(columns)))
    while width is not None and _width(columns, rows, kept) > width and any(columns[one].rank for one in kept):
        kept.remove(max(kept, key=lambda one: columns[one].rank))
    widths = [_column_width(columns, rows, one) for one in kept]
    over = 0 if width is None else max(sum(widths) + 2 * (len(widths) - 1) - width, 0)
    _narrow(widths, [at for at, one in enumerate(kept) if not columns[one].right], over)
    lines = [_line([columns[one].title for one in kept], columns, kept, widths), "  ".join("─" * one for one in widths)]
    for row in rows:
        cells = ["─" * one for one in widths] if row is None else [row[one] for one in kept]
        lines.append(_line(cells, columns, kept, widths))
    return "\n".join(line.rstrip() for line in lines)


def _narrow(widths: list[int], texts: Sequence[int], over: int) -> None:
    """Take so many characters from the columns of text, always from the widest one, and leave each at least a few."""
    for _ in range(over):
        widest = max(texts, key=lambda at: widths[at], default=None)
        if widest is None or widths[widest] <= _LEAST:
            return
        widths[widest] -= 1


def wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Lines of text, those that are too long broken between words and indented."""
    broken: list[str] = []
    width = min(width, WIDEST_TEXT)
    for line in lines:
        if len(line) <= width:
            broken.append(line)
            continue
        from textwrap import wrap

        broken += wrap(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return broken


def markup(columns: Sequence[TableColumn], rows: Sequence[Sequence[str] | None], style: str) -> str:
    """The table as Markdown (`github`), HTML (`html`) or LaTeX (`latex`, with the lines of booktabs); cells are escaped."""
    from tabulate import tabulate

    escaped = plain_markdown if style == "github" else _one_line
    body = [[escaped(cell) for cell in row] for row in rows if row is not None]
    titles = [escaped(column.title) for column in columns]
    align = ["right" if column.right else "left" for column in columns]
    # tabulate escapes HTML and LaTeX itself.
    form = "latex_booktabs" if style == "latex" else style
    return str(tabulate(body, titles, tablefmt=form, colalign=align, disable_numparse=True))


def plain_markdown(text: str) -> str:
    """Text that Markdown shows as it is: a stranger's words make no tags, no code and no links."""
    text = text.replace("\\", "\\\\").replace("<", "&lt;").replace("`", "\\`").replace("](", "]\\(")
    return _one_line(text.replace("|", "\\|"))


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def comma_separated(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """CSV. Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection")."""
    import csv
    from io import StringIO

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue().rstrip("\n")


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and len(value) > 1 and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value


def _line(cells: Sequence[str], columns: Sequence[TableColumn], kept: Sequence[int], widths: Sequence[int]) -> str:
    parts = []
    for cell, one, width in zip(cells, kept, widths, strict=True):
        cell = _cut(cell, width)
        parts.append(cell.rjust(width) if columns[one].right else cell.ljust(width))
    return "  ".join(parts)


def _cut(cell: str, width: int) -> str:
    if len(cell) <= width:
        return cell
    tail = (width - 1) // 2
    return f"{cell[: width - 1 - tail]}…{cell[len(cell) - tail :]}"


def _column_width(columns: Sequence[TableColumn], rows: Sequence[Sequence[str] | None], one: int) -> int:
    return max(len(columns[one].title), max((len(row[one]) for row in rows if row is not None), default=0))


def _width(columns: Sequence[TableColumn], rows: Sequence[Sequence[str] | None], kept: Sequence[int]) -> int:
    return sum(_column_width(columns, rows, one) for one in kept) + 2 * (len(kept) - 1)
