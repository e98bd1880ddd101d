"""Every KPI of both papers, with the right formula; docs/reference/kpis.md is made of this. Reads the facts, pure."""
