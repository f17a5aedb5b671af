"""A system that takes requests in, on this machine: https, as the setting asks for."""

from __future__ import annotations

import datetime
import http.server
import ssl
import threading
from email.message import Message
from pathlib import Path
from typing import ClassVar


class Takes:
    """`answer` is the status and body of the next answers, `taken` the headers and bodies that came."""

    def __init__(self, folder: Path) -> None:
        owner = self
        self.taken: list[tuple[Message, bytes]] = []
        self.answer = (200, "")

        class Host(http.server.BaseHTTPRequestHandler):
            allowed: ClassVar[dict[str, str]] = {
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Headers": "content-type",
                "Access-Control-Allow-Methods": "POST",
            }

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                """No line a request."""

            def do_OPTIONS(self) -> None:
                self._send(204, "")

            def do_POST(self) -> None:
                owner.taken.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
                self._send(*owner.answer)

            def _send(self, status: int, text: str) -> None:
                self.send_response(status)
                for name, value in self.allowed.items():
                    self.send_header(name, value)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self._server.server_address[1]}/api/requests"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()


def certificate(folder: Path) -> Path:
    """A key with a certificate that it signed itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    file = folder / "host.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(pem))
    return file
