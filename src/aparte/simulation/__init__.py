"""The demo's world: the shop Maison Lin, its simulated visitors with known effects, and four weeks of its past."""
