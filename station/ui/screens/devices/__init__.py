"""Perangkat: which device serves each kind, how well it works, what is wrong, and changing it while working."""
