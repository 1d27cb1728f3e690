#!/usr/bin/env python3
"""The API with a client that knows gRPC from its specification only: curl (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from live import Live, LiveTest

OK, UNIMPLEMENTED, UNAUTHENTICATED = "0", "12", "16"
SERVING = b"\x08\x01"


def text_field(number, text):
    """One text of a protobuf message; shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(text)]) + text.encode()


class Reply:
    """The messages of a reply, and its status with what stands beside it in the trailers."""

    def __init__(self, head, body):
        lines = [line.partition(":") for line in head.splitlines() if ":" in line]
        self.headers = {name.lower(): value.strip() for name, _, value in lines}
        self.status = self.headers.get("grpc-status")
        self.messages = []
        while body:
            size = int.from_bytes(body[1:5], "big")
            self.messages.append(body[5:5 + size])
            body = body[5 + size:]


class ForeignClient(LiveTest):
    @classmethod
    def setUpClass(cls):
        cls.live = Live()
        cls.addClassCleanup(cls.live.__exit__)
        cls.live.start_server()
        cls.address = json.loads(cls.live.text("state/ports.json"))["grpc"][0]

    def call(self, method, message=b"", token=None):
        """One call as the gRPC specification describes it over HTTP/2."""
        headers = ["content-type: application/grpc", "te: trailers", "grpc-timeout: 20S"]
        if token is not None:
            headers.append(f"authorization: Bearer {token}")
        with tempfile.TemporaryDirectory() as folder:
            request, head = Path(folder) / "request", Path(folder) / "head"
            request.write_bytes(b"\0" + len(message).to_bytes(4, "big") + message)
            command = ["curl", "--silent", "--show-error", "--http2-prior-knowledge", "--max-time", "30",
                       "--dump-header", str(head), "--data-binary", f"@{request}", f"http://{self.address}/{method}"]
            for header in headers:
                command += ["--header", header]
            done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
            self.assertEqual(done.returncode, 0, done.stderr)
            return Reply(head.read_text(encoding="ascii"), done.stdout)

    def token(self):
        return self.live.text("state/token").strip()

    def test_health_needs_no_token_and_says_serving(self):
        for service in ("", "janus.v1.Janus"):
            reply = self.call("grpc.health.v1.Health/Check", text_field(1, service) if service else b"")
            self.assertEqual((reply.status, reply.messages), (OK, [SERVING]), service)
        unknown = self.call("grpc.health.v1.Health/Check", text_field(1, "janus.v1.Nothing"))
        self.assertEqual(unknown.status, "5", unknown.headers)

    def test_reflection_names_the_services_and_knows_their_messages(self):
        method = "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        services = self.call(method, text_field(7, "*"))
        self.assertEqual(services.status, OK, services.headers)
        for name in (b"janus.v1.Janus", b"grpc.health.v1.Health"):
            self.assertIn(name, services.messages[0])
        described = self.call(method, text_field(4, "janus.v1.Janus"))
        for name in (b"PlaceOrderRequest", b"ListAccounts", b"UnconfiguredAccount"):
            self.assertIn(name, described.messages[0])

    def test_without_the_token_everything_is_refused_and_nothing_is_told(self):
        for token in (None, "", "wrong", self.token()[:-1], self.token() + "0"):
            for method in ("ListAccounts", "PlaceOrder", "WatchEvents", "WatchLog", "Harmony", "StopServer"):
                with self.subTest(method, token=token and len(token)):
                    reply = self.call(f"janus.v1.Janus/{method}", token=token)
                    self.assertEqual((reply.status, reply.messages), (UNAUTHENTICATED, []))
                    self.assertEqual(reply.headers["janus-error"], "unauthorized")
        self.assertEqual(self.live.control("GET", "/ledger")["ledger"], [])

    def test_with_the_token_it_answers_and_what_does_not_exist_is_said(self):
        accounts = self.call("janus.v1.Janus/ListAccounts", token=self.token())
        self.assertEqual(accounts.status, OK, accounts.headers)
        for name in self.live.accounts:
            self.assertIn(name.encode(), accounts.messages[0])
        self.assertEqual(self.call("janus.v1.Janus/Frobnicate", token=self.token()).status, UNIMPLEMENTED)
        broken = self.call("janus.v1.Janus/PlaceOrder", b"\xff\xff\xff", token=self.token())
        self.assertNotEqual(broken.status, OK)
        self.assertEqual(self.call("grpc.health.v1.Health/Check").messages, [SERVING], "it lives on")


if __name__ == "__main__":
    unittest.main(verbosity=2)
