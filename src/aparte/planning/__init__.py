"""The business case, the pilot, the staffing: what is worked out before, and held against what was measured after."""
