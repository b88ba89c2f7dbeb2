"""Messages about calls: of what does not exist or does nothing, and with a body that is not allowed. Must not resolve them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.syntax.errors.foreign_names import advice
from archdsl.syntax.errors.python_statements import statement_of, translation
from archdsl.syntax.errors.python_tables import VALUES
from archdsl.syntax.errors.rewrites import form_fixes, form_notes, phrase_fixes
from archdsl.syntax.keywords import STATEMENTS
from archdsl.text import Span
from archdsl.wording.callees import elsewhere, nearest_callee
from archdsl.wording.forms import FORMS
from archdsl.wording.phrases import meant
from archdsl.wording.values import kind_of, this_is

# What is called


def unknown_callee(name: str, call: Span, definitions: Iterable[str]) -> Mistake:
    """`call`: the whole call, which starts with its name; `definitions`: what else could be called here."""
    known = list(definitions)
    span = Span(call.source, call.start, call.start + len(name))
    foreign = elsewhere(name) if nearest(name, known) is None else None
    layer_call = statement_of(call.source, call.start)
    layer = translation(layer_call) if call.text.startswith(f"{name}(") else None
    fixes = [Fix(f"here it is `{layer}`", (Edit(layer_call, layer),))] if layer is not None else []
    fixes += [*_returned(call), *form_fixes(call)]
    if foreign is not None and layer is None:
        is_layer = call.text.startswith(f"{name}(") and call.text[len(name) + 1 :].lstrip()[:1] not in ("", ")")
        # The arguments of a layer stand in another order elsewhere, so that its name alone would not mend it.
        fixes.append(Fix(_called(foreign), () if is_layer else (Edit(span, foreign),), stands=True))
    elif layer is None:
        fixes += phrase_fixes(call)
        fixes += meant(nearest(name, STATEMENTS) or nearest_callee(name, known), span)
    notes = [note for note in (advice(name), *form_notes(call)) if note]
    return mistake("unknown-operator", f"no operator or definition is called `{name}`", span, notes=notes, fixes=fixes)


def _returned(call: Span) -> list[Fix]:
    """`return x`: the whole line says nothing."""
    line = re.compile(r"return\s+(\w+)[ \t]*(?:\n|\Z)").match(call.source.text, call.start)
    if line is None or line.group(1) not in VALUES:
        return []
    return [Fix("leave the line out", (Edit(Span(call.source, call.start, line.end()), ""),))]


def _called(name: str) -> str:
    return f"it is called `{FORMS[name].written if name in FORMS else name}` here"


def not_callable(name: str, value: object, span: Span) -> Mistake:
    return mistake("not-callable", f"`{name}` is {kind_of(value)}, so it cannot be a step", span, this_is(value))


def label_as_step(name: str, call: Span) -> Mistake:
    """`call`: the whole call, which starts with the name."""
    span = Span(call.source, call.start, call.start + len(name))
    fix = Fix(f"use the value as `@{name}`", (Edit(span, f"@{name}"),))
    return mistake("not-callable", f"`{name}` is a label, not a step", span, fixes=[*form_fixes(call), fix])


# `body`


def body_outside_definition(span: Span) -> Mistake:
    message = "`body` runs the body that a call passes to a definition, but this is not a definition"
    own = re.compile(r"body\s+(?=<)").match(span.source.text, span.start)
    fixes = (
        [Fix("a group of steps has no word before it", (Edit(Span(span.source, span.start, own.end()), ""),))] if own else []
    )
    return mistake("no-body", message, span, fixes=fixes)


def called_without_body(definition: str, span: Span) -> Mistake:
    """The definition runs a `body`, but the call passes none."""
    notes = [f"a call passes one: `{definition} < … >`"]
    return mistake("no-body", f"`{definition}` was called without a body", span, "it would run here", notes=notes)


def body_with_arguments(span: Span) -> Mistake:
    return mistake("unexpected-argument", "`body` takes no arguments", span)


# Bodies of calls


def body_for_operator(name: str, body: Span) -> Mistake:
    return _unexpected(f"`{name}` takes no body", _bracket(body), notes=["only joins and definitions take a body"])


def loop_for_no_join(name: str, loop: Span) -> Mistake:
    span = Span(loop.source, loop.start, loop.start + len("for"))
    return _unexpected(f"`{name}` takes no `for`", span, notes=["`for` makes the branches of a join"])


def body_for_arch(arch: str, body: Span) -> Mistake:
    return _unexpected(f"the arch `{arch}` takes no body", _bracket(body))


def body_never_run(definition: str, body: Span, defined: Span) -> Mistake:
    labels = [Label(defined, "no step in here is `body`")]
    return _unexpected(f"`{definition}` never runs `body`, so this body would be lost", _bracket(body), labels=labels)


def branches_for_definition(definition: str, body: Span) -> Mistake:
    message = f"`{definition}` is not a join, so its body has no branches"
    return mistake("branch-outside-join", message, _bracket(body))


def branches_outside_join(body: Span, second: Span | None) -> Mistake:
    """`second`: the second branch, if it has a place."""
    return mistake(
        "branch-outside-join",
        "only a join has branches",
        _bracket(body),
        labels=[Label(second, "a second branch")] if second is not None else [],
        notes=["the joins are `add`, `mul`, `concat`, `residual` and `parallel`"],
    )


def _unexpected(message: str, span: Span, labels: Iterable[Label] = (), notes: Iterable[str] = ()) -> Mistake:
    return mistake("unexpected-body", message, span, labels=labels, notes=notes)


def _bracket(body: Span) -> Span:
    """The `<` of a body."""
    return Span(body.source, body.start, body.start + 1)


def form_with_arguments(form: str, span: Span) -> Mistake:
    return mistake("unexpected-argument", f"`{form}` takes no arguments: `{form} < … >`", span)


def form_without_body(form: str, span: Span) -> Mistake:
    return mistake("no-body", f"`{form}` needs a body: `{form} < … >`", span)
