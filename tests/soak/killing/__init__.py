"""What the harness of kill -9 needs: a station and a central, each in a process of its own that may die anywhere."""
