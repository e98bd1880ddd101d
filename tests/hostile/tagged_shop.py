"""A shop whose pages carry the tag."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Shop:
    """Pages of a shop that carry the tag, on a port of their own."""

    def __init__(self) -> None:
        shop = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = b"" if self.path == "/blank" else shop.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: Any) -> None:
                pass

        self.page = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.origin = f"http://localhost:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def carry(self, http: str) -> None:
        """From now on its pages carry the tag of this server."""
        tag = f'<script async src="{http}/aparte.js" data-key="key-a" data-consent="none"></script>'
        self.page = (
            f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Panier</title>{tag}</head><body></body>'
        )

    def close(self) -> None:
        """No more pages."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
