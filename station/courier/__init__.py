"""The way out by stick, and the way home for receipts. Knows no Qt, no HTTP and nobody's password."""
