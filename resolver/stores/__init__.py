"""Floor 3: what we keep. `base.py` is the contract in words; every store passes the same tests."""
