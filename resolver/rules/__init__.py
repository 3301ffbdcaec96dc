"""Floor 4: decisions. Pure functions of messages, records and a time that is handed in."""
