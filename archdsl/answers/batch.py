"""`archdsl.fits`: the largest batch that fits into a memory. Must not search or count."""

from __future__ import annotations

from typing import Any

from archdsl.analysis.questions.batch import Fit as Found
from archdsl.analysis.questions.batch import fits as search
from archdsl.analysis.questions.batch import read_bytes
from archdsl.answers.answer import WIDTH, Answer
from archdsl.api import Arch, load
from archdsl.backends.tables import words
from archdsl.sources import File


class Fit(Answer):
    """The largest batch that fits.

    Attributes:
        name: of the architecture.
        memory: the bytes that there are.
        written: these as they were given: `80GB`.
        batch: the largest batch; 0 if not even one sample fits.
        bytes: what that batch needs.
        more: what one sample more would need.
        how: dtype, and how it is trained if it is.
    """

    def __init__(self, name: str, written: str, memory: int, found: Found, how: dict[str, Any]) -> None:
        self.name = name
        self.written = written
        self.memory = memory
        self.batch, self.bytes, self.more = found
        self.how = how

    @property
    def sentence(self) -> str:
        """`resnet50: a batch of 256 fits into 80GB (float32, inference)`"""
        if self.batch == 0:
            need = f"it needs {_bytes(self.more)}"
            return f"{self.name}: not even one sample fits into {self.written} ({self._way}): {need}"
        return f"{self.name}: a batch of {self.batch:,} fits into {self.written} ({self._way})"

    @property
    def _way(self) -> str:
        how = self.how
        if not how["training"]:
            return f"{how['dtype']}, inference"
        cast = f", activations {how['autocast']}" if how["autocast"] else ""
        again = f", every {how['checkpoint']} recomputed" if how["checkpoint"] else ""
        return f"{how['dtype']}, training with {how['optimizer']}{cast}{again}"

    @property
    def _needs(self) -> str:
        return f"{self.batch:,} need {_bytes(self.bytes)}, {self.batch + 1:,} would need {_bytes(self.more)}"

    def to_dict(self) -> dict[str, Any]:
        """Bytes are integers; `next_bytes` is what one sample more would need."""
        found = {"batch": self.batch, "bytes": self.bytes, "next_bytes": self.more}
        return {"schema": "archdsl.fits/1", "name": self.name, "memory_bytes": self.memory, **self.how, **found}

    def table(self, width: int = WIDTH) -> str:
        """Two lines: the batch, and what it and one sample more need."""
        return self.sentence if self.batch == 0 else f"{self.sentence}\n  {self._needs}"

    def markdown(self) -> str:
        """The same as a sentence and a remark."""
        return self.sentence if self.batch == 0 else f"**{self.sentence}**: {self._needs}"

    def __repr__(self) -> str:
        return f"<archdsl.Fit {self.sentence}>"


def fits(
    arch: Arch | File,
    memory: int | str,
    *,
    dtype: str = "float32",
    training: bool = False,
    optimizer: str = "sgd",
    checkpoint: str | None = None,
    autocast: str | None = None,
) -> Fit:
    """The largest batch that fits into a memory, as `archdsl fits` finds it.

    Args:
        memory: bytes, or text with a unit: `80GB` (1 GB is 1024**3 bytes).
        training: for a training step in place of inference; `optimizer`, `checkpoint` and `autocast` as in `Arch.cost`.

    Raises:
        ArchError: the program has mistakes, or cannot be read.
        ValueError: it is no amount of memory, the memory depends on free dimensions, or there is no such choice.
    """
    loaded = arch if isinstance(arch, Arch) else load(arch)
    amount = read_bytes(memory) if isinstance(memory, str) else memory
    written = memory if isinstance(memory, str) else words.size(memory)
    found = search(loaded.network, amount, dtype, training, optimizer, checkpoint, autocast)
    how = {
        "dtype": dtype,
        "training": training,
        "optimizer": optimizer if training else None,
        "checkpoint": checkpoint,
        "autocast": autocast,
    }
    return Fit(loaded.name, written, amount, found, how)


def _bytes(number: int) -> str:
    return f"{words.size(number)} ({number:,} bytes)"
