"""Products: what they earn, and which of them need explaining."""
