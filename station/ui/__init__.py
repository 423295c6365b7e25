"""What people see: the only package that imports Qt. Knows the desk, never a database, a file or the network."""
