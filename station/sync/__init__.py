"""Delivering packets: the only code of the station that speaks HTTP. Knows no window and nobody's password."""
