"""nginx as deploy/nginx.conf sets it up, started on a port of this machine with a certificate of its own."""

from __future__ import annotations

import datetime
import os
import shutil
import ssl
import subprocess
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crowding.servers import free_ports
from tests.source import ROOT

OWN, PUBLIC = "notebook.example", "workshops.example"  # as deploy/nginx.conf calls them
READY_WITHIN = 20.0
AROUND = """
daemon off;
pid {folder}/pid;
worker_processes 1;
error_log {folder}/error.log notice;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {documented}
}}
"""


def program() -> str | None:
    """Where nginx is, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def documented() -> str:
    """What deploy/nginx.conf says."""
    return (ROOT / "deploy/nginx.conf").read_text()


class Proxy:
    """A running nginx in front of a notebook."""

    def __init__(self, folder: Path, port: int, plain: int, notebook: int) -> None:
        self.folder, self.port, self.plain = folder, port, plain
        certificate, key = _certificate(folder)
        text = documented()
        for said, real in (
            ("listen 443 ", f"listen {port} "),
            ("listen 80;", f"listen {plain};"),
            ("http://127.0.0.1:8000", f"http://127.0.0.1:{notebook}"),
            ("/etc/ssl/notebook.pem", str(certificate)),
            ("/etc/ssl/private/notebook.key", str(key)),
        ):
            assert text.count(said) == 1, f"deploy/nginx.conf must say {said!r} once."
            text = text.replace(said, real)
        settings = folder / "nginx.conf"
        settings.write_text(AROUND.format(folder=folder, documented=text))
        self.trust = ssl.create_default_context(cafile=str(certificate))
        command = [program() or "nginx", "-c", str(settings), "-p", str(folder)]
        self.log = (folder / "out").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self._wait()

    def files(self) -> list[Path]:
        """What it wrote on its disk of what passed through."""
        return [path for path in self.folder.glob("*/**/*") if path.is_file()]

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(READY_WITHIN)
        self.log.close()

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            if (self.folder / "pid").exists():
                return
            time.sleep(0.02)
        raise RuntimeError((self.folder / "out").read_text())


def ports() -> tuple[int, int]:
    """Two free ports for a proxy; the one before them is its notebook's."""
    _notebook, tls, plain = free_ports(3)
    return tls, plain


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for both hosts, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OWN)])
    now = datetime.datetime.now(datetime.UTC)
    hosts = x509.SubjectAlternativeName([x509.DNSName(OWN), x509.DNSName(PUBLIC)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "notebook.pem", folder / "notebook.key"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.touch(mode=0o600)
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    os.chmod(folder, 0o700)  # noqa: PTH101
    return chain, secret
