"""Which tests stand beside what changed: `python -m tests.changed COMMIT` names their files and folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ALWAYS = ("tests/test_architecture.py", "tests/test_translations.py")


def changed(since: str) -> set[str]:
    """The files that differ from a commit, and those that Git does not know yet."""
    asked = (["diff", "--name-only", since], ["ls-files", "--others", "--exclude-standard"])
    said = [subprocess.run(["git", *words], capture_output=True, check=True) for words in asked]
    return {name for one in said for name in one.stdout.decode().splitlines()}


def beside(names: set[str]) -> set[str]:
    """The tests of these files: those that changed themselves, and the folder named like a package."""
    found = {*ALWAYS}
    for path in map(Path, names):
        if path.parts[0] in ("app", "templates") and len(path.parts) > 1:
            folder = Path("tests", path.parts[1].removesuffix(".py"))
            found |= {str(folder)} if folder.is_dir() else set()
        elif path.match("tests/**/test_*.py") or path.match("tests/test_*.py"):
            found |= {str(path)} if path.exists() else set()
        elif path.parts[0] == "tests" and len(path.parts) > 2 and path.parent.is_dir():
            found.add(str(path.parent))
    return found


if __name__ == "__main__":
    print(*sorted(beside(changed(sys.argv[1] if len(sys.argv) > 1 else "HEAD"))))
