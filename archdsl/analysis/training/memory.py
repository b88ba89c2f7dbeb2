"""The memory of training: parameters, gradients, optimizer, what backward keeps, and the worst moment. Must not print."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from archdsl.analysis.dtypes import FLOATS, ITEM_BYTES, UnknownChoice
from archdsl.analysis.training.choices import AUTOCASTS, OPTIMIZERS, Checkpoint
from archdsl.analysis.training.saved import Saves
from archdsl.analysis.unavailable import Unavailable, larger, undecided
from archdsl.diagnostics import WrongUse
from archdsl.diagnostics.nearest import choices
from archdsl.ops.windows import INDEX_BYTES
from archdsl.shapes import Dim, Indices, Undecided, numel

if TYPE_CHECKING:
    from archdsl.analysis.workload import Workload

_CHECKPOINTS: tuple[Checkpoint, ...] = get_args(Checkpoint)


class Training:
    """The memory of one training step, in bytes, for a batch and a dtype.

    Everything is of the one dtype, unless `autocast` names a narrower one: then activations and their gradients are of that,
    and so are copies of the weights that multiply, which exist beside the weights themselves. What a framework leaves in the
    wide type in between (norms, sums) is not modeled. What operators keep beside tensors of their own (statistics, masks)
    is as for float32.

    Attributes:
        parameters: of the network and its auxiliary heads.
        buffers: running means and the like.
        gradients: one number per parameter that learns.
        optimizer: its state.
        saved: activations and the like that are kept from forward to backward, without the network's inputs.
        input: the batch itself.
        copies: of the weights in the narrow type of `autocast`.
    """

    def __init__(
        self, workload: Workload, optimizer: str = "sgd", checkpoint: str | None = None, autocast: str | None = None
    ) -> None:
        """Raises:
        UnknownChoice: no such optimizer, steps to checkpoint, or type to cast to.
        WrongUse: the type to cast to is not narrower than the others, or integers cannot be trained.
        """
        if workload.dtype not in FLOATS:
            raise WrongUse(f"a training step needs floating-point numbers, not {workload.dtype}; {choices(FLOATS)}")
        if optimizer not in OPTIMIZERS:
            raise UnknownChoice("optimizer", optimizer, OPTIMIZERS)
        steps = next((known for known in _CHECKPOINTS if known == checkpoint), None)
        if checkpoint is not None and steps is None:
            raise UnknownChoice("checkpoint", checkpoint, _CHECKPOINTS)
        self.workload = workload
        self.optimizer_name = optimizer
        self.checkpoint = checkpoint
        self.autocast = autocast
        self._narrow = workload.item_bytes if autocast is None else _narrow(autocast, workload)
        self._saves = Saves(self._narrow, steps)

    @property
    def parameters(self) -> Dim:
        """Bytes of the parameters, those of auxiliary heads included."""
        return (self.workload.main.params + self.workload.aux.params) * self.workload.item_bytes

    @property
    def buffers(self) -> Dim:
        """Bytes of the buffers, those of auxiliary heads included."""
        return (self.workload.main.buffers + self.workload.aux.buffers) * self.workload.item_bytes

    @property
    def gradients(self) -> Dim:
        """Bytes of the gradients of parameters; frozen ones have none."""
        return (self.workload.main.trainable + self.workload.aux.trainable) * self.workload.item_bytes

    @property
    def optimizer(self) -> Dim:
        """Bytes of the optimizer's state."""
        return self.gradients * OPTIMIZERS[self.optimizer_name]

    @property
    def copies(self) -> Dim:
        """Bytes of the weights' copies in the type of `autocast`."""
        if self.autocast is None:
            return 0
        tally = self.workload.measures.tallies.of(self.workload.network.root)
        casts = [sums.params for part in (tally.main, tally.aux) for sums in part.values() if sums.macs != 0]
        return sum(casts, 0) * self._narrow

    @property
    def input(self) -> Dim:
        """Bytes of the batch."""
        whole: Dim = 0
        for _, shape in self.workload.network.inputs:
            whole = whole + numel(shape) * (INDEX_BYTES if isinstance(shape, Indices) else self.workload.item_bytes)
        return whole * self.workload.batch

    @property
    def saved(self) -> Dim:
        """Bytes that are kept from forward to backward."""
        kept = self._saves.network(self.workload.network.root)
        return kept.bytes * self.workload.batch + kept.fixed

    @property
    def standing(self) -> Dim:
        """What is there all the time, for any batch."""
        return self.parameters + self.buffers + self.optimizer

    @property
    def peak(self) -> Dim | Unavailable:
        """Everything at the worst moment: forward, backward, or when the optimizer steps."""
        from archdsl.analysis.training.timeline import Timeline, TooManyEvents
        from archdsl.analysis.training.worst_moment import worst_moment

        work = self.workload
        try:
            timeline = Timeline(work.network.root, self._saves)
            worst = worst_moment(timeline, work.batch, self._narrow, work.item_bytes)
            return self.standing + self.input + larger(worst + self.copies, self.gradients)
        except Undecided as error:
            return undecided(error)
        except TooManyEvents:
            return Unavailable("repetitions are nested too deeply to follow a training step event by event")

    def to_dict(self) -> dict[str, object]:
        """As JSON has it, all in bytes."""
        from archdsl.analysis.rows import plain

        peak = self.peak
        return {
            "optimizer": self.optimizer_name,
            "checkpoint": self.checkpoint,
            "autocast": self.autocast,
            "parameters_bytes": plain(self.parameters),
            "buffers_bytes": plain(self.buffers),
            "gradients_bytes": plain(self.gradients),
            "optimizer_bytes": plain(self.optimizer),
            "saved_bytes": plain(self.saved),
            "input_bytes": plain(self.input),
            "copies_bytes": plain(self.copies),
            "peak_bytes": None if isinstance(peak, Unavailable) else plain(peak),
        }


def _narrow(autocast: str, workload: Workload) -> int:
    if autocast not in AUTOCASTS:
        raise UnknownChoice("type to cast to", autocast, AUTOCASTS)
    if ITEM_BYTES[autocast] >= workload.item_bytes:
        raise WrongUse(
            f"activations cannot be cast from {workload.dtype} to {autocast}, which is not narrower; leave one of them out"
        )
    return ITEM_BYTES[autocast]
