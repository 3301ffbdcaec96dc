"""Floor 5: move bytes. The nodes' only place with sockets and clocks."""
