"""How fast, compared with what the machine can do at all. `make bench` runs it; the method is in README.md."""
