"""Answers as OctoPrint's API does, with a document that the test sets; for programs that ask often."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.harness.servers import free_port

KEY = "THE-KEY-OF-THE-FAKE"
REFUSAL = {"error": "You are not allowed to see the uptime.", "uptime_available": False}


class FakeApi:
    """Answers ``document`` to whoever sends ``key``; the others are refused as OctoPrint refuses them."""

    def __init__(self, document, key=KEY):
        self.document = document
        self.key = key
        self.requests = 0
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(fake):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                fake.requests += 1
                allowed = self.headers["X-Api-Key"] == fake.key
                body = json.dumps(fake.document if allowed else REFUSAL).encode()
                self.send_response(200 if allowed else 403)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        return Handler
