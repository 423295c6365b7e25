"""What is true about people, records and captures. Knows nothing of files, databases, networks or windows."""
