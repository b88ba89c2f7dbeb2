"""What a build adds to the package: the parser's tables, the grammar and the zoo. Must not be imported by the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `archdsl/syntax/_tables.py`, so that no start of the command compiles the grammar; ships `grammar/` and `zoo/`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the parser's tables, and name what goes into the wheel."""
        root = Path(self.root)
        self._write_tables(root)
        # An editable install finds both folders beside the package (archdsl/resources.py); a copy would only grow old.
        if version != "editable":
            build_data["force_include"].update(
                {
                    str(path): f"archdsl/_data/{path.relative_to(root).as_posix()}"
                    for folder in ("grammar", "zoo")
                    for path in sorted((root / folder).rglob("*"))
                    if path.is_file() and path.suffix not in (".py", ".pyc")
                }
            )

    def _write_tables(self, root: Path) -> None:
        sys.path.insert(0, str(root))
        try:
            from archdsl.syntax.tables import generate
        finally:
            sys.path.remove(str(root))
        path = root / "archdsl" / "syntax" / "_tables.py"
        path.write_text(generate(), encoding="utf-8")
