"""Orders, and what they have to do with an engagement."""
