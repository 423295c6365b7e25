"""Charts of what was measured: a PNG for each family of rows. Knows build/bench.json, not how anything is measured."""
