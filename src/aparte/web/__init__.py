"""The edge: decode, call, encode, nothing else."""
