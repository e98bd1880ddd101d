"""Reports: figures turned into sentences and pictures."""
