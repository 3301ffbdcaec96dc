"""Floor 2: bytes <-> model, for every message of the Handle protocol (RFC 3651, RFC 3652 and practice)."""
