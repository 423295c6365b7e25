"""One module per address of the wire contract: reads the request, asks central, writes the answer. Decides nothing."""
