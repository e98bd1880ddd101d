"""Tracking: what a visitor did, as typed events; everything else is quarantined with a reason."""
