"""Random and mutated packets against the codec and against nodes of every kind. `make fuzz` runs it; see __main__."""
