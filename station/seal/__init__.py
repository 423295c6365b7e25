"""Everything cryptographic: packets, receipts, keys, tokens. Knows no database, no network and no window."""
