"""Which input sizes a network accepts, exactly, by the conditions that elaboration decides. Must not report mistakes.

There are two sets. A network *exists* at a size if the text elaborates there; it may have different weights than at the
declared size (a flattened map before a linear layer, learned positions). The *weights fit* if every parameter has the shape
that it has at the declared size. Both are found for inference, and for training, in which auxiliary heads run too.
"""

from archdsl.checks.input_sizes.accepted import Answer, Axis, Modes, Sizes, Stretch, answer
from archdsl.checks.input_sizes.sets import EMPTY, SizeSet

__all__ = ["EMPTY", "Answer", "Axis", "Modes", "SizeSet", "Sizes", "Stretch", "answer"]
