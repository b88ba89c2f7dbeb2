"""Charts of costs with matplotlib, which comes in when one is drawn. Must not compute costs or write files."""

from archdsl.backends.charts.bars import layer_bars
from archdsl.backends.charts.complexity import complexity_chart

__all__ = ["complexity_chart", "layer_bars"]
