"""Message bodies, one file per family; each knows how to read and to write itself."""
