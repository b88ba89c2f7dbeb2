"""What the network's `forward` returns: a tensor, or a NamedTuple with the named outputs. Must not plan the rest of the class.

- No outputs but the result: the result.
- Named outputs: a NamedTuple whose first field is `out`; auxiliary ones among its fields are None in evaluation.
- Auxiliary outputs only: that NamedTuple in training, the result alone in evaluation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.backends.torch.expressions.identifiers import Names, checked
from archdsl.backends.torch.printing.line_breaking import INDENT
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from archdsl.backends.torch.plan.class_plan import Plan
    from archdsl.ir import Region

_OPTIONAL = "Tensor | None"


class _Field(NamedTuple):
    """A field of what is returned: which of the outputs it holds, and whether it is a list."""

    name: str
    places: tuple[int, ...]
    is_list: bool
    aux: bool

    @property
    def type(self) -> str:
        """A tensor, a tuple of them, or perhaps None."""
        one = _OPTIONAL if self.aux else "Tensor"
        return f"tuple[{', '.join([one] * len(self.places))}]" if self.is_list else one

    def given(self, outputs: list[str]) -> str:
        """What it holds, as an expression."""
        values = [outputs[place] for place in self.places]
        if not self.is_list:
            return values[0]
        return f"({', '.join(values)}{',' if len(values) == 1 else ''})"


def _fields(root: Region) -> list[_Field]:
    """One for each output, or for all values of one that is a list."""
    found: dict[str, _Field] = {}
    for at, output in enumerate(root.outputs):
        name, _, item = output.name.partition(".")
        known = found.get(name)
        found[name] = known._replace(places=(*known.places, at)) if known else _Field(name, (at,), bool(item), output.aux)
    return list(found.values())


class Outputs:
    """The outputs of the whole network."""

    def __init__(self, root: Region, plan: Plan, names: Names) -> None:
        self._root = root
        self._has_named = any(not output.aux for output in root.outputs)
        self._result = "Tensor" if len(root.results) == 1 else f"tuple[{', '.join(['Tensor'] * len(root.results))}]"
        self.name = names.take(f"{plan.name}Output") if root.outputs else ""
        self._fields = _fields(root)
        self.class_lines: list[str] = []
        if root.outputs:
            self.class_lines = [f"class {self.name}(NamedTuple):", f"{INDENT}out: {self._result}"]
            # A program with an output name that no field can have is refused (`bad-output-name`).
            self.class_lines += [f"{INDENT}{checked(field.name)}: {field.type}" for field in self._fields]

    @property
    def returns(self) -> str:
        """The type of what `forward` returns."""
        if not self._root.outputs:
            return self._result
        return self.name if self._has_named else f"{self._result} | {self.name}"

    def returned(self, plan: Plan) -> list[str]:
        """The statements at the end of `forward`."""
        count = len(self._root.results)
        results, outputs = plan.forward.results[:count], plan.forward.results[count:]
        result = ", ".join(results)
        if not self._root.outputs:
            return [f"return {result}"]
        first = result if count == 1 else f"({result})"
        given = [field.given(outputs) for field in self._fields]
        whole = f"return {self.name}({', '.join([first, *given])})"
        if self._has_named:
            return [whole]
        return ["if self.training:", INDENT + whole, f"return {result}"]

    @staticmethod
    def types(region: Region) -> list[str]:
        """The types of what a nested class returns: its results, then its outputs."""
        return ["Tensor"] * len(region.results) + [_OPTIONAL if output.aux else "Tensor" for output in region.outputs]
