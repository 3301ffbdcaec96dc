"""Floor 6: the load generator. It shares model and codec with the nodes and nothing else: it stands outside."""
