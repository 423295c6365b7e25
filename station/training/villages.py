"""The villages of province 99, which exists on no map: the same table the form searches in training mode.

Two villages share a name on purpose: only their districts tell them apart.
"""

from __future__ import annotations

from station.store.villages import VillageTable

VILLAGES = VillageTable(training=True).all()
