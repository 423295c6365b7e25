"""Safes: places that keep one 32-byte secret and give it back to this station on this computer."""
