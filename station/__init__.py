"""Stasiun KTP-el: an offline-first capture station for the Indonesian identity card.

docs/architecture.md draws the house; README.md is the way in.
"""

__version__ = "0.1.0"
