"""Carrying for stations of the same office on the local network: a neighbour with a link takes packets of one without.

Off by default. What is handed over stays queued at its origin until a receipt of central verifies there, so a neighbour
that never comes back loses nothing. One hop only: nobody hands on what they carry themselves.
"""
