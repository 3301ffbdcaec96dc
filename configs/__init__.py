"""Shipped configurations, installed as the package data of `biaoshi.configs`."""
