"""What proactive help has changed, from the facts; docs/reference/incrementality.md."""
