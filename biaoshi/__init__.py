"""biaoshi (标识): a simulator of the industrial-internet identifier-resolution system."""

from resolver import __version__

__all__ = ["__version__"]
