"""Frozen classes of fields that are made quickly: `NamedTuple` and `Record`. Must not know what is kept in them.

Both are what the standard library has under other names, made in less time. Each cold start creates some two hundred such
classes. `typing.NamedTuple` compiles every annotation, and `dataclasses` imports `inspect`; together that is a sixth of
`archdsl cost`. Type checkers see the standard classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, dataclass_transform

R = TypeVar("R", bound="Record")
T = TypeVar("T")

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter

    class _TupleType(type):
        """Makes a subclass of `_Fields` of a class body, with what `collections.namedtuple` gives."""

        def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            given = "".join(f", {field}" for field in fields)
            values = "".join(f"{field}, " for field in fields)
            # Only names of fields of our own classes get in here.
            new = eval(f"lambda _cls{given}: _new(_cls, ({values}))", {"_new": tuple.__new__})
            new.__defaults__ = tuple(defaults.values())
            getters = {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
            made = {"_fields": fields, "__match_args__": fields, "_field_defaults": defaults, "__new__": new, "__slots__": ()}
            return type.__new__(type, name, (_Fields,), {**body, **made, **getters})

    class _Fields(tuple):
        """What all of them share."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values: Iterable[object]) -> tuple[object, ...]:
            return cls(*values)

        def _replace(self, **changes: object) -> tuple[object, ...]:
            made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

    class _Tuple:
        """What `class X(NamedTuple)` names; the class itself has no base but `tuple`."""

        def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
            return (_BASE,)

    _BASE = type.__new__(_TupleType, "NamedTuple", (), {})
    NamedTuple = _Tuple()


class _Fresh:
    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


def fresh(make: Callable[[], T], *, init: Literal[False] = False) -> T:
    """The default of a field that is made for each record and that no caller gives."""
    return cast("T", _Fresh(make))


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(fresh,))
class _RecordType(type):
    """Makes slots of the annotations, and an `__init__` that takes them in order."""

    _fields: tuple[str, ...]
    _defaults: dict[str, object]
    _anew: frozenset[str]

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], kw_only: bool = False) -> _RecordType:
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        made = super().__new__(mcs, name, bases, {**body, "__slots__": fields})
        if fields:
            made._fields = fields
            made._defaults = defaults
            made._anew = frozenset(name for name, value in defaults.items() if isinstance(value, _Fresh))
            type.__setattr__(made, "__init__", _initializer(made, fields, defaults, kw_only))
        return made


def _initializer(made: type, fields: tuple[str, ...], defaults: dict[str, Any], kw_only: bool) -> Callable[..., None]:
    """`def __init__(self, a, b=…)`, compiled once, which sets each slot directly since the record itself is frozen."""
    scope: dict[str, Any] = {}
    heads, lines = [], []
    for field in fields:
        scope[f"set_{field}"] = getattr(made, field).__set__
        default = defaults.get(field, _MISSING)
        if isinstance(default, _Fresh):
            scope[f"make_{field}"] = default.make
            lines.append(f" set_{field}(self, make_{field}())")
            continue
        scope[f"default_{field}"] = default
        heads.append(field if default is _MISSING else f"{field}=default_{field}")
        lines.append(f" set_{field}(self, {field})")
    head = ", ".join(["self", *(["*"] if kw_only else []), *heads])
    # Only names of fields of our own classes get in here.
    exec(f"def __init__({head}):\n" + "\n".join(lines), scope)
    initializer: Callable[..., None] = scope["__init__"]
    return initializer


_MISSING = object()


class Record(metaclass=_RecordType):
    """A frozen class of fields, compared by identity. Fields are the annotations of the class body, in their order."""

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"{type(self).__name__} is frozen; `replace` makes another one")

        def __delattr__(self, name: str) -> None:
            raise AttributeError(f"{type(self).__name__} is frozen")

    def __repr__(self) -> str:
        given = (name for name in fields(type(self)) if name not in type(self)._anew)
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in given)})"

    def __reduce__(self) -> tuple[Callable[..., Record], tuple[type[Record], dict[str, object]]]:
        return _rebuilt, (type(self), {name: getattr(self, name) for name in fields(type(self))})


def fields(kind: type[Record]) -> tuple[str, ...]:
    """The names of a record's fields, in order."""
    return kind._fields


def default(kind: type[Record], field: str) -> object:
    """The default of a field; None if it has none."""
    found = kind._defaults.get(field)
    return found.make() if isinstance(found, _Fresh) else found


def replace(record: R, **changes: object) -> R:
    """The record with other values for some fields; what is made for each record is made again.

    Raises:
        TypeError: it has no such field.
    """
    kind = type(record)
    anew = kind._anew
    kept = {name: getattr(record, name) for name in kind._fields if name not in anew}
    make: Callable[..., R] = kind
    return make(**{**kept, **changes})


def _rebuilt(kind: type[Record], values: dict[str, object]) -> Record:
    record = kind.__new__(kind)
    for name, value in values.items():
        getattr(kind, name).__set__(record, value)
    return record
