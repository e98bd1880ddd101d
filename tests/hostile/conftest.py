"""What is shared with other folders: the server with two shops, the first corpus, and the sizes of a run."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / name) for name in ("web", "reliability")]
