"""A network file as containers, each node its own: `biaoshi network export compose|kubernetes`."""
