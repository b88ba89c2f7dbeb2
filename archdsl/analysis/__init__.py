"""Everything computed over the IR: costs, metrics, rows, contracts. Must not read texts, print, or load a framework."""
