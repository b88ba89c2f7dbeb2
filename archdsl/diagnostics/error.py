"""Mistakes as an exception, and refusals. Must not find mistakes itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from archdsl.diagnostics.model import Diagnostic


class ArchError(Exception):
    """The program has mistakes; `diagnostics` lists every one of them, in the order of the text."""

    def __init__(self, found: Sequence[Diagnostic], told: Callable[[], list[Diagnostic]] | None = None) -> None:
        """`told` gives them as people see them, fixes tried; it is asked when someone looks, as many are never shown."""
        self.found = list(found)
        self._told = told
        super().__init__()

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """All mistakes, in the order of the text, with the fixes that were tried."""
        return self.found if self._told is None else self._told()

    def __reduce__(self) -> tuple[type[ArchError], tuple[list[Diagnostic]]]:
        return ArchError, (self.diagnostics,)

    def __str__(self) -> str:
        from archdsl.diagnostics.terminal import draw_all

        return "\n" + draw_all(self.diagnostics, color=False)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the diagnostics, without the frames of this package."""
        from archdsl.diagnostics.terminal import draw_all

        return draw_all(self.diagnostics, color=True).split("\n")


class ArchWarning(UserWarning):
    """A network was made, but something about it must be reported, which is `diagnostic`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[ArchWarning], tuple[Diagnostic]]:
        return ArchWarning, (self.diagnostic,)

    def __str__(self) -> str:
        return "; ".join([self.diagnostic.message, *self.diagnostic.notes])


class Refusal(ValueError):
    """What was asked cannot be done; the message is one sentence that says why, or what would work."""


class WrongUse(Refusal):
    """What was asked is written wrongly: a choice, a name or an amount that there is not."""


class Missing(Refusal):
    """A package or a device that is needed is not here."""
