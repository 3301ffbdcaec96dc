"""Texts of the labs, installed as the package data of `biaoshi.labs.pages`."""
