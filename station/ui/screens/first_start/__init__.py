"""The first start: from an empty folder to a station where somebody can record."""
