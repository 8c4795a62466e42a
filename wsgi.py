"""Where a server finds the application: `waitress-serve wsgi:app`, `flask --app wsgi …`."""

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
