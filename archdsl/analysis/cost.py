"""What an architecture costs: every metric, each computed when first asked for. Must not print or load a framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.named import NAMES, OTHERS, Measured, Metric
from archdsl.analysis.metrics.parts import Part, whole
from archdsl.analysis.unavailable import Unavailable
from archdsl.analysis.workload import Workload
from archdsl.ir import Network
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Exact, numbers_below

if TYPE_CHECKING:
    from pandas import DataFrame

    from archdsl.analysis.metrics.peak import Moment
    from archdsl.analysis.metrics.receptive_field import Seen
    from archdsl.analysis.rows import Layer
    from archdsl.analysis.training.memory import Training

SCHEMA = "archdsl.cost/1"
"""The name and version of the JSON that `Cost.to_dict` gives; a number changes only together with the version."""


class TrainingChoices(NamedTuple):
    """How a step is trained: the optimizer, what is computed again in backward, the type of activations."""

    optimizer: str = "sgd"
    checkpoint: str | None = None
    autocast: str | None = None


class Cost(Workload):
    """The costs of a network in inference; with a `step`, those of a training step.

    `params`, `depth`, `receptive_field`, `stride` and `out` are those of language.md, section 10; `macs`, `flops`, `memory` and
    `peak` are too for batch 1 and float32, and grow with the batch and (the bytes) with the width of `dtype`. Numbers are exact
    integers, or formulas of the free dimensions; what cannot be computed is an `Unavailable`, which says why.

    Attributes:
        name: for tables and charts; the architecture's, unless the caller gives another.
        step: the training step, if these are costs in training; `peak` is then all that the step holds at its worst moment.
    """

    def __init__(
        self, network: Network, batch: int = 1, dtype: str = "float32", training: TrainingChoices | None = None
    ) -> None:
        """Nothing is computed yet. `training` says how to train, if these are costs in training.

        Raises:
            UnknownChoice: no such dtype, or what `training` raises.
            ValueError: a batch below 1.
        """
        super().__init__(network, batch, dtype)
        self.name = network.name
        self.step = None if training is None else self.training(*training)
        self._layers: dict[bool, list[Layer]] = {}

    def metric(self, name: str) -> Metric:
        """A metric of the language by its name, with this batch and dtype.

        Raises:
            UnknownChoice: there is none of this name.
        """
        if name not in NAMES:
            raise UnknownChoice("metric", name, NAMES)
        value: Metric = getattr(self, name.replace(".", "_"))
        return value

    @property
    def params(self) -> Dim:
        """Learned numbers of the inference network, each counted once."""
        return self.main.params

    @property
    def params_trainable(self) -> Dim:
        """Learned numbers of the inference network that no `frozen` part holds."""
        return self.main.trainable

    @property
    def params_aux(self) -> Dim:
        """Learned numbers of the auxiliary heads."""
        return self.aux.params

    @property
    def macs(self) -> Dim:
        """Multiply-accumulates of the inference network for the whole batch."""
        return self.main.macs * self.batch

    @property
    def macs_aux(self) -> Dim:
        """Multiply-accumulates of the auxiliary heads for the whole batch."""
        return self.aux.macs * self.batch

    @property
    def flops(self) -> Dim:
        """Arithmetic operations for the whole batch; a multiply-accumulate counts as two."""
        return self.main.flops * self.batch

    @property
    def memory(self) -> Dim:
        """Bytes of the outputs of the operators that count in the metric `memory`, for the whole batch."""
        return self.main.outputs * (self.item_bytes * self.batch)

    @property
    def peak(self) -> Dim | Unavailable:
        """Bytes alive at the worst moment: activations in inference, everything that a step holds in training."""
        return self.inference_peak if self.step is None else self.step.peak

    @property
    def inference_peak(self) -> Dim | Unavailable:
        """The metric `peak` of the language, also if these are costs in training."""
        moment = self.peak_moment
        return moment if isinstance(moment, Unavailable) else moment.bytes * self.batch

    @property
    def peak_moment(self) -> Moment | Unavailable:
        """The worst moment for one sample: its bytes, and the names of the steps that lead to it."""
        return self.measures.peak(self.network.root, self.item_bytes)

    @property
    def depth(self) -> int:
        """Convolutions and linear layers on the longest path."""
        depth = self._other("depth")
        assert isinstance(depth, int)
        return depth

    @property
    def receptive_field(self) -> tuple[Dim, ...] | Unavailable:
        """What the last spatial value sees along each spatial axis of the input, in its positions: `[h, w]` of a picture."""
        seen = self._seen
        return seen if isinstance(seen, Unavailable) else seen.size

    @property
    def receptive_field_windows(self) -> tuple[Dim, ...] | Unavailable:
        """The receptive field through windows alone: norms, gates and attention over all positions are passed over."""
        seen = self.measures.seen(self._whole, only_windows=True)
        return seen if isinstance(seen, Unavailable) else seen.size

    @property
    def stride(self) -> tuple[Exact, ...] | Unavailable:
        """How many positions of the input lie between neighbors of the last spatial value, along each spatial axis."""
        seen = self._seen
        return seen if isinstance(seen, Unavailable) else seen.stride

    @property
    def out(self) -> tuple[Measured, ...]:
        """The shape of the result; a list of shapes if it is a list of values."""
        shape = self._other("out")
        assert isinstance(shape, tuple)
        return shape

    @property
    def outputs(self) -> dict[str, tuple[Dim, ...]]:
        """The shapes of the named outputs, auxiliary ones left out."""
        root = self.network.root
        return {output.name: root.shapes[output.value] for output in root.outputs if not output.aux}

    @property
    def rows(self) -> list[Layer]:
        """One record per layer, each run by itself.

        Raises:
            TooManyLayers: there are more than `archdsl.analysis.rows.LIMIT`; `folded_rows` may have them all.
        """
        return self._rows(folded=False)

    @property
    def folded_rows(self) -> list[Layer]:
        """One record per layer, with the runs of a repetition folded into one record with a count.

        Raises:
            TooManyLayers: there are more than `archdsl.analysis.rows.LIMIT` even so.
        """
        return self._rows(folded=True)

    def training(self, optimizer: str = "sgd", checkpoint: str | None = None, autocast: str | None = None) -> Training:
        """The memory of a training step with this batch and dtype.

        Raises:
            UnknownChoice: no such optimizer, steps to checkpoint (`stage`, `block`), or type to cast to.
            Refusal: the type to cast to is not narrower than the dtype.
        """
        from archdsl.analysis.training.memory import Training

        return Training(self, optimizer, checkpoint, autocast)

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON has it; rows are folded if there are too many to list (`folded` says so).

        If there are too many even then, `rows` is None and `unavailable` says why.
        """
        from archdsl.analysis.rows import TooManyLayers, plain

        metrics = {name: self.metric(name) for name in NAMES} | {"buffers": self.main.buffers}
        missing = {name: value.reason for name, value in metrics.items() if isinstance(value, Unavailable)}
        rows: list[dict[str, Any]] | None = None
        folded = True
        try:
            folded, rows = self._records()
        except TooManyLayers as error:
            missing["rows"] = str(error)
        return {
            "schema": SCHEMA,
            "name": self.network.name,
            "input": {name: plain(shape) for name, shape in self.network.inputs},
            "indices": numbers_below(self.network.inputs),
            "batch": self.batch,
            "dtype": self.dtype,
            **{name: None if name in missing else plain(value) for name, value in metrics.items()},
            "outputs": {name: plain(shape) for name, shape in self.outputs.items()},
            **({} if self.step is None else {"training": self.step.to_dict()}),
            "unavailable": missing,
            "folded": folded,
            "rows": rows,
        }

    def to_pandas(self) -> DataFrame:
        """The rows as a pandas DataFrame.

        Raises:
            ModuleNotFoundError: pandas is not there; the message has the command that installs it.
        """
        from archdsl.analysis.rows import data_frame

        return data_frame(self._records()[1])

    def __repr__(self) -> str:
        numbers = f"{self.params} params, {self.macs} MACs"
        return f"<costs of {self.network.name}: {numbers}, batch {self.batch}, {self.dtype}>"

    def _records(self) -> tuple[bool, list[dict[str, Any]]]:
        from archdsl.analysis.rows import TooManyLayers, record

        try:
            return False, [record(layer) for layer in self.rows]
        except TooManyLayers:
            return True, [record(layer) for layer in self.folded_rows]

    def _rows(self, folded: bool) -> list[Layer]:
        if folded not in self._layers:
            from archdsl.analysis.rows import Scale, layers

            self._layers[folded] = layers(self.measures, Scale(self.batch, self.item_bytes), folded)
        return self._layers[folded]

    @property
    def _seen(self) -> Seen | Unavailable:
        return self.measures.seen(self._whole)

    @property
    def _whole(self) -> Part:
        return whole(self.network)

    def _other(self, name: str) -> Metric:
        return OTHERS[name](self.measures, self._whole)
