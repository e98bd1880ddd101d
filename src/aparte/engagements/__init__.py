"""Engagements: whether to invite, hold out or refrain, and the life of an invitation."""
