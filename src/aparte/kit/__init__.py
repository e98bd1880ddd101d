"""Small things that know nothing of the domain: errors, ids, time."""
