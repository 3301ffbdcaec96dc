"""Typed value data, one file per type; unknown types pass through untouched."""
