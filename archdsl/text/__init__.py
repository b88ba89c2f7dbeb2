"""Source texts and places in them. Must not know what the text means."""

from archdsl.text.places import Places
from archdsl.text.source import Place, Source, Span

__all__ = ["Place", "Places", "Source", "Span"]
