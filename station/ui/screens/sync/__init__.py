"""Sinkronisasi: why records move or do not, what is where, and what a person can do about it."""
