"""curl, asked what it says to one chain: it fetches a page from a server on the loopback.

Arguments: CURL CHAIN TRUST HOST KEY. Exit status: 0 accepts, 1 rejects, 77 where the server
cannot present the chain, 126 no answer.
"""

import ipaddress
import socket
import ssl
import subprocess
import sys
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SECONDS = 8
# CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION (once 51 and 60), CURLE_SSL_CACERT_BADFILE,
# CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS
REJECTS = {35, 51, 60, 77, 83, 91}


class Server(threading.Thread):
    """Shakes hands once and answers with an empty page."""

    def __init__(self, chain, key):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
        self.context.load_cert_chain(chain, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS)
        self.port = self.listener.getsockname()[1]
        self.error = None

    def run(self):
        try:
            plain, _ = self.listener.accept()
            plain.settimeout(SECONDS)
            with self.context.wrap_socket(plain, server_side=True) as tls:
                tls.recv(4096)
                tls.sendall(ANSWER)
        except OSError as error:
            self.error = error

    def failed_by_itself(self):
        """Whether it is not the client that ended the handshake."""
        reason = getattr(self.error, "reason", None) or ""
        return isinstance(self.error, ssl.SSLError) and "ALERT" not in reason and "EOF" not in reason


def in_address(host):
    """The host as it stands in an address of the web."""
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def main(curl, chain, trust, host, key):
    try:
        server = Server(chain, key)
    except (ssl.SSLError, ValueError) as error:
        print(f"the server cannot present it: {error}")
        return 77
    server.start()
    name = in_address(host)
    line = [curl, "-q", "--silent", "--show-error", "--max-time", str(SECONDS), "--noproxy", "*"]
    line += ["--cacert", trust, "--connect-to", f"{name}:443:127.0.0.1:{server.port}", f"https://{name}/"]
    ran = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    server.join(1)
    text = ran.stderr.decode(errors="replace").strip() or f"curl ended with {ran.returncode}"
    if ran.returncode == 0:
        return 0
    if ran.returncode == 35 and server.failed_by_itself():
        print(f"the server cannot present it: {server.error}")
        return 77
    print(text)
    return 1 if ran.returncode in REJECTS else 126


if __name__ == "__main__":
    try:
        STATUS = main(*sys.argv[1:6])
    except Exception as error:  # whatever it is, it is no verdict
        print(f"{type(error).__name__}: {error}")
        STATUS = 126
    sys.exit(STATUS)
