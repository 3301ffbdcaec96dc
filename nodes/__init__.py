"""Floor 6: assemble rules, stores and caches into the five kinds of node, and nodes into a network."""
