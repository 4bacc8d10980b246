"""Runs nginx as a reverse proxy: the one on the PATH, else Debian's, unpacked beside the tests."""

import http.client
import subprocess
import time
import urllib.request

from tests.harness.commands import environment_with
from tests.harness.servers import free_port

START_TIMEOUT_SECONDS = 20
STOP_TIMEOUT_SECONDS = 20

# In one process, so that it works as any user; the headers are those that OctoPrint asks for.
CONFIGURATION = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    fastcgi_temp_path fastcgi;
    proxy_temp_path proxy;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
    server {{
        listen 127.0.0.1:{port};
        location {prefix}/ {{
            proxy_pass {target}/;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Scheme $scheme;
            proxy_set_header X-Script-Name "{prefix}";
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
        }}
    }}
}}
"""


class Nginx:
    """Hands what comes in below ``prefix`` on to a server; keeps its files in ``folder``."""

    process = None

    def __init__(self, server, prefix, folder):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}{prefix}"
        self.folder = folder
        self.environment = environment_with("nginx")
        (folder / "nginx.conf").write_text(CONFIGURATION.format(port=port, prefix=prefix, target=server.url))

    def start(self):
        """Start nginx and wait until OctoPrint answers through it, also after ``stop``."""
        command = ["nginx", "-p", self.folder, "-c", "nginx.conf", "-e", "stderr"]
        self.process = subprocess.Popen(command, env=self.environment)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("nginx did not start; what it wrote is among the captured output")
            time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(STOP_TIMEOUT_SECONDS)

    def _answers(self):
        try:
            with urllib.request.urlopen(self.url + "/online.txt", timeout=5):
                return True
        except (OSError, http.client.HTTPException):  # nobody listens yet
            return False
