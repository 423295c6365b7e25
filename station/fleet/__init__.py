"""All stations of the country at once on a virtual clock: what happens when central comes back after days."""
