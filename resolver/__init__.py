"""The identifier-resolution system itself, from bytes to decisions (floors 0 to 5; see ARCHITECTURE.md)."""

__version__ = "0.1.0"  # of the whole project: here, because every floor may read it
