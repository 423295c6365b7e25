"""Daftar sasaran: which target lists are here, how old they are, and taking one in from a stick."""
