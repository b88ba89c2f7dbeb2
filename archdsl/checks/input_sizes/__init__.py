"""Which input sizes a network accepts, exactly, told from the conditions that elaboration meets. Must not report mistakes.

Two sets are told apart. A network *exists* at a size where the text elaborates there; it may have other weights than at the
declared size (a flattened map before a linear layer, learned positions). The *weights fit* where every parameter has the shape
that it has at the declared size. Both are told for inference, and for training, where auxiliary heads run too.
"""

from archdsl.checks.input_sizes.accepted import Answer, Axis, Modes, Sizes, Stretch, answer
from archdsl.checks.input_sizes.sets import EMPTY, SizeSet

__all__ = ["EMPTY", "Answer", "Axis", "Modes", "SizeSet", "Sizes", "Stretch", "answer"]
