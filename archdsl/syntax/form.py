"""What every form of the tree is: a NamedTuple. Must not know the language.

Type checkers see a class for each form instead. They compare NamedTuples part by part, so each question about the seventeen
forms of an expression, which contain one another, would take them seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, dataclass_transform

from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from typing import Self

    @dataclass_transform(eq_default=False, frozen_default=True)
    class Form(tuple[object, ...]):
        """A part of the tree that has a name."""

        def _replace(self, **changes: object) -> Self: ...

else:
    Form = NamedTuple
