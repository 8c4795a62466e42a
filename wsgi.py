"""Where the application begins: `python wsgi.py` serves it, `flask --app wsgi …` keeps it.

Run by itself it serves, without the modules of the commands: migrations, the
invented organisation and the command line are twenty megabytes.
"""

from __future__ import annotations

import os
from pathlib import Path

from app import create_app
from app.config import UnsafeSetting

instance = Path(os.environ.get("DAFTAR_INSTANCE") or Path(__file__).parent / "instance")
try:
    app = create_app(os.environ, instance)
except UnsafeSetting as reason:
    raise SystemExit(f"Daftar does not start: {reason}") from None

if __name__ == "__main__":
    from app.cli.serving import serve

    port = os.environ.get("PORT", "8000")
    if not port.isdecimal():
        raise SystemExit(f"Daftar does not start: PORT is a number, not {port}.")
    serve(app, os.environ.get("HOST", "127.0.0.1"), int(port))
else:
    from app.cli import commands

    commands.init_app(app)
