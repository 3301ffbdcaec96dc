"""Does a Handle node answer as the protocol and its practice want it? `biaoshi conform` asks, case by case.

cases/*.toml   what is said and what must come back, one conversation a file (cases.py says how they are written)
vectors/*.hex  requests of the reference encoder, one packet a file, sent as they are
talk.py        octets to the target and back, over UDP and TCP
run.py         one case at one target: its verdict
"""
