"""Which parameters decide on the structure of an arch: those that conditions and the lists of loops read. Must not elaborate.

A parameter that only sets a width or a depth can become one of the printed class. One that decides which steps there are
cannot: the class holds the steps that were chosen.
"""

from __future__ import annotations

from archdsl.program.file import LoadedFile
from archdsl.syntax import tree


def deciding_names(file: LoadedFile) -> frozenset[str]:
    """The names of the file, parameters and `let`s among them, on which the structure of its arch depends."""
    found: set[str] = set()
    lets: dict[str, set[str]] = {}
    for statement in file.tree.statements:
        if isinstance(statement, tree.Let):
            lets[statement.name.text] = _names(statement.value)
        found |= _decided_in(statement)
    waiting = list(found)
    while waiting:
        new = lets.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)


def _decided_in(statement: tree.Statement) -> set[str]:
    """Names in conditions and loops of a statement; in a definition without those that are bound in it."""
    found: set[str] = set()
    own: set[str] = set()
    for node in tree.walk(statement):
        match node:
            case tree.If(arms=arms):
                found = found.union(*(_names(condition) for condition, _ in arms))
            case tree.For(source=source, targets=targets) | tree.Over(source=source, targets=targets):
                found |= _names(source)
                own |= {target.text for target in targets}
            case tree.WrittenArgument(name=tree.Ident(text="when"), value=value):
                found |= _names(value)
            case tree.Definition(parameters=parameters):
                own |= {parameter.name.text for parameter in parameters}
            case tree.Let(name=name) if node is not statement:
                own.add(name.text)
    return found - own


def _names(expression: tree.Expression) -> set[str]:
    """Every name in an expression."""
    return {part.name for part in tree.walk(expression) if isinstance(part, tree.Variable)}
