"""Floor 1: what the field is made of. Plain frozen values; no bytes on a wire, no sockets, no clocks."""
