"""The HTTP door of nodes: the reference server's REST interface, the tunnel, and a recursive node's pages."""
