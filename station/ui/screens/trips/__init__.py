"""Jemput bola: preparing a trip to a village, running it without any signal, and closing it once the sums come out."""
