#!/usr/bin/env python3
"""Stands between a PostgreSQL client and its server and cuts a session at its COMMIT.

    tests/commit_cutter.py SOCKET SERVER_SOCKET

Listens on the Unix socket SOCKET and prints `ready`. A line `before` or `after` on standard input is
answered with `armed`; the next COMMIT is then not passed on, or passed on and its answer withheld, and
the session ends. Serves one session after the other and ends with its standard input.
"""

import os
import select
import socket
import sys

armed = None


def obey():
    """Takes one order from standard input."""
    global armed
    line = sys.stdin.readline()
    if not line:
        os._exit(0)
    armed = line.strip()
    print("armed", flush=True)


def relay(client, server):
    """Passes bytes both ways until an end, or until the cut."""
    global armed
    withhold = False
    while True:
        ready, _, _ = select.select([client, server, sys.stdin], [], [])
        if sys.stdin in ready:
            obey()
            continue
        source = client if client in ready else server
        data = source.recv(65536)
        if not data or (withhold and source is server):
            return
        if armed and source is client and b"COMMIT" in data:
            cut, armed = armed, None
            if cut == "before":
                return
            withhold = True
        (server if source is client else client).sendall(data)


def main(path, target):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(8)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            obey()
            continue
        client, _ = listener.accept()
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(target)
                relay(client, server)
            except OSError:
                pass  # One side has gone, which ends the session.


if __name__ == "__main__":
    main(*sys.argv[1:])
