"""How visitors get through the shop, and where they leave it: funnels, drop-off, losses, paths, abandoners."""
