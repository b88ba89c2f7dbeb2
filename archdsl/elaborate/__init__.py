"""From trees to regions and nodes, with every shape checked. Must not know any target."""
