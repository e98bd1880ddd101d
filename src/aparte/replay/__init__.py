"""Replay: recorded streams through the same engine as live traffic, at recorded time."""
