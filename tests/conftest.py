"""Puts tests/ on the path, so that every test may import playbook.py. Nothing else lives here."""
