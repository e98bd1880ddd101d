"""The results page: what inviting has changed, in one sentence first, then everything that it rests on."""
