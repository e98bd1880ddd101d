"""Sessions: what is known of a visit so far, as a fold over its events."""
