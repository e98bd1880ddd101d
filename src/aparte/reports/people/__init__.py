"""Pages about people: how agents do, what conversations tell, what was wanted and owed."""
