"""The reference central: the wire contract on Starlette and SQLAlchemy. Knows nothing of the station's inside."""
