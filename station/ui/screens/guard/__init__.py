"""Pengamanan: one card for each thing that keeps the station safe."""
