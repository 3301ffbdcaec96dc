"""The identifier-resolution system itself, from bytes to decisions (floors 0 to 5; see ARCHITECTURE.md)."""
