"""One file for each screen. Each asks the desk through the task runner and never waits."""
