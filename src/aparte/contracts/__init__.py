"""Quantified goals, and contracts that pay by result: what was wanted, what is owed, and the statements that say so."""
