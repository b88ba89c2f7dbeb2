"""How a step can be trained, by name. Must not compute anything: the command line reads this at every start."""

from __future__ import annotations

from typing import Literal

Checkpoint = Literal["stage", "block"]
OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2, "adamw": 2}
"""How many numbers an optimizer keeps for each parameter: momentum one average, Adam (Kingma and Ba 2015) and AdamW two."""
AUTOCASTS = ("bfloat16", "float16")
"""Types to which activations can be cast."""
