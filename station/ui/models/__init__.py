"""Qt models over values the desk returned: paging, sorting, text to copy. They know no widget."""
