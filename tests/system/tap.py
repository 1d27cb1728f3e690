"""Proxies that record what goes by, for tests that must know what was said on an encrypted line."""

import re
import select
import socket
import ssl
import threading

SIGNATURE = re.compile(rb"(?i)x-signature(?:: |[\x00-\x7f])([A-Za-z0-9+/]{27,43}=)")
SECONDS_MAX = 20.0


class Tap:
    """A proxy on a port of its own before a TLS server, with that server's own certificate.

    Keeps what the clients sent, connection by connection, and counts the connections that are open.
    """

    def __init__(self, target, tls_dir, protocols=()):
        host, port = target.rsplit(":", 1)
        self.target = (host, int(port))
        self.server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_side.load_cert_chain(tls_dir / "server.pem", tls_dir / "server.key")
        self.client_side = ssl.create_default_context(cafile=str(tls_dir / "ca.pem"))
        if protocols:
            self.server_side.set_alpn_protocols(protocols)
            self.client_side.set_alpn_protocols(protocols)
        self.lock = threading.Lock()
        self.sent = []
        self.open = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        """One connection, in both directions, until one side ends it."""
        record = bytearray()
        try:
            with self.server_side.wrap_socket(client, server_side=True) as near, \
                    socket.create_connection(self.target) as plain, \
                    self.client_side.wrap_socket(plain, server_hostname=self.target[0]) as far:
                with self.lock:
                    self.sent.append(record)
                    self.open += 1
                try:
                    self.carry_both(near, far, record)
                finally:
                    with self.lock:
                        self.open -= 1
        except OSError:
            pass  # Whoever reads next sees the end.

    def carry_both(self, near, far, record):
        while True:
            ready = select.select([near, far], [], [])[0]
            if near in ready and not self.copy(near, far, record):
                return
            if far in ready and not self.copy(far, near, bytearray()):
                return

    def copy(self, source, sink, record):
        """Moves what is there; false at the end. A TLS record without data is neither."""
        source.settimeout(0)
        sink.settimeout(SECONDS_MAX)
        while True:
            try:
                data = source.recv(65536)
            except ssl.SSLWantReadError:
                return True
            if not data:
                return False
            with self.lock:
                record += data
            sink.sendall(data)

    def signatures(self):
        """Every value of x-signature that a client has sent."""
        with self.lock:
            return {found.decode() for record in self.sent for found in SIGNATURE.findall(bytes(record))}
