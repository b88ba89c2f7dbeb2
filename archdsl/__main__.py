"""`python -m archdsl` is the command `archdsl`."""

from __future__ import annotations

import sys

from archdsl.cli.main import main

sys.exit(main())
