"""Sites, staff, rights and keys."""
