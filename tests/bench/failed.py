"""What a benchmark raises when it has no figure."""

from __future__ import annotations


class BenchFailed(Exception):
    """A figure cannot be obtained; the text says which and why. Nothing is written in its place."""
