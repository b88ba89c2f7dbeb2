"""The checked network: regions, nodes, values. Must not know how it came from a text or where it goes."""

from archdsl.ir.network import Bound, Declare, Network, Node, Output, Region, Shared, Step, Use

__all__ = ["Bound", "Declare", "Network", "Node", "Output", "Region", "Shared", "Step", "Use"]
