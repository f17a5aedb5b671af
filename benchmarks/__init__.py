"""Measurements against peers in the same run; not timed tests."""
