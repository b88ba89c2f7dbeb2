"""The compiler's own forms, written down: the network as JSON, network and syntax tree as listings. Must not lower anything."""

from archdsl.backends.dump.document import document
from archdsl.backends.dump.listing import ir_listing
from archdsl.backends.dump.trees import tree_listing

__all__ = ["document", "ir_listing", "tree_listing"]
