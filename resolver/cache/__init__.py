"""Floor 3: what we may forget. Every cache takes `now` and is bounded in octets."""
