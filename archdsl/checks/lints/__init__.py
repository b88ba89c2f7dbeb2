"""Warnings: what is allowed and most likely not meant. Must not report what is wrong; only sound programs come here.

Lints over the syntax see the root file; lints over the network see each different region once, and report only what the root
file wrote, so an imported file is not blamed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archdsl.checks.lints.allowed import without_allowed
from archdsl.checks.lints.network import suspects_before, suspects_in_network
from archdsl.checks.lints.syntax import suspects_in_text
from archdsl.diagnostics import Diagnostic
from archdsl.ir import Network, Step
from archdsl.program.file import LoadedFile
from archdsl.text import Places, Source, Span


def find_causes(steps: Iterable[Step], source: Source) -> list[Diagnostic]:
    """The warnings that may be the cause of a mistake further on, where the network was not finished."""
    unique = {diagnostic.sort_key: diagnostic for diagnostic in suspects_before(steps, source)}
    return list(unique.values())


def find_suspects(file: LoadedFile, network: Network | None) -> list[Diagnostic]:
    """All warnings that no comment silences, in the order of the text."""
    written = list(suspects_in_text(file))
    computed = suspects_in_network(network, file.source) if network is not None else ()
    whole: dict[str, list[Span]] = {}
    for one in written:
        if one.primary is not None:
            whole.setdefault(one.name, []).append(one.primary.span)
    # A side value that nothing uses is warned of as a whole, not step by step.
    places = {name: Places(spans) for name, spans in whole.items()}
    found = [*written, *(one for one in computed if one.primary is None or not _holds(places, one.name, one.primary.span))]
    unique = {(d.name, d.sort_key): d for d in found}
    return sorted(without_allowed(list(unique.values()), file.source), key=lambda diagnostic: diagnostic.sort_key)


def _holds(places: Mapping[str, Places], name: str, span: Span) -> bool:
    return name in places and places[name].holds(span)
