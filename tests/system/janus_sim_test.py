#!/usr/bin/env python3
"""janus-sim as a process: its ready line, its control port, both brokers' protocols, its end."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import ssl
import stat
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("JANUS_BIN", ROOT / "build" / "release" / "bin")) / "janus-sim"
KEY, SECRET = "demo-key", "demo-secret"
ACCOUNT = "WBSIM0000000001"
PATIENCE = 20.0


class Simulator:
    """A running janus-sim on ports of its own."""

    def __init__(self, folder, *arguments):
        self.tls_dir = Path(folder) / "tls"
        everywhere = ["--ib", "127.0.0.1:0", "--webull", "127.0.0.1:0", "--webull-events", "127.0.0.1:0",
                      "--control", "127.0.0.1:0", "--tls-dir", str(self.tls_dir)]
        self.process = subprocess.Popen([str(PROGRAM), *everywhere, *arguments], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.ready = self.process.stdout.readline().strip()
        self.ports = {}
        for word in self.ready.split()[2:]:
            name, address = word.split("=")
            self.ports[name] = int(address.rsplit(":", 1)[1])

    def control(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["control"], timeout=PATIENCE)
        connection.request(method, path, None if body is None else json.dumps(body))
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        connection.close()
        return reply.status, answer

    def state(self):
        return self.control("GET", "/state")[1]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            _, errors = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, errors


def signature(secret, plain):
    encoded = urllib.parse.quote(plain, safe="-._~")
    mac = hmac.new((secret + "&").encode(), encoded.encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def signed_headers(host, path, query, body, secret=SECRET):
    fields = {
        "x-app-key": KEY,
        "x-signature-algorithm": "HMAC-SHA256",
        "x-signature-nonce": str(uuid.uuid4()),
        "x-signature-version": "1.0",
        "x-timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    pairs = {**fields, "host": host, **query}
    plain = path + "&" + "&".join(f"{name}={pairs[name]}" for name in sorted(pairs))
    if body:
        plain += "&" + hashlib.sha256(body.encode()).hexdigest().upper()
    return {**fields, "x-signature": signature(secret, plain), "x-version": "v2"}


def webull(simulator, method, path, query=None, body="", secret=SECRET, tls=True):
    """One signed call; returns status and JSON."""
    query = query or {}
    port = simulator.ports["webull"]
    if tls:
        context = ssl.create_default_context(cafile=str(simulator.tls_dir / "ca.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=PATIENCE)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    target = path + ("?" + urllib.parse.urlencode(query) if query else "")
    headers = signed_headers(f"127.0.0.1:{port}", path, query, body, secret)
    connection.request(method, target, body or None, headers)
    reply = connection.getresponse()
    answer = json.loads(reply.read())
    connection.close()
    return reply.status, answer


def order_body(client_order_id, **changes):
    order = {
        "combo_type": "NORMAL", "client_order_id": client_order_id, "symbol": "MSFT",
        "instrument_type": "EQUITY", "market": "US", "order_type": "LIMIT", "limit_price": "100",
        "quantity": "2", "support_trading_session": "CORE", "side": "BUY", "time_in_force": "DAY",
        "entrust_type": "QTY", **changes,
    }
    order = {name: value for name, value in order.items() if value is not None}
    return json.dumps({"account_id": ACCOUNT, "new_orders": [order]}, separators=(",", ":"))


def frame(*fields):
    payload = "".join(f"{field}\0" for field in fields).encode()
    return struct.pack(">I", len(payload)) + payload


class IbSession:
    """The first messages of IB's protocol, by hand."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        offer = b"v100..176"
        self.socket.sendall(b"API\0" + struct.pack(">I", len(offer)) + offer)
        self.version = int(self.read()[0])

    def read(self):
        size = struct.unpack(">I", self.exactly(4))[0]
        return self.exactly(size).decode().split("\0")[:-1]

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def read_until(self, number):
        while True:
            fields = self.read()
            if fields[0] == str(number):
                return fields


class Program(unittest.TestCase):
    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="janus-sim-test-")
        cls.simulator = Simulator(cls.folder.name, *cls.arguments)
        cls.addClassCleanup(cls.folder.cleanup)
        cls.addClassCleanup(cls.simulator.stop)

    def wait_for_order(self, reference, state):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for order in self.simulator.state()["orders"]:
                if order["reference"] == reference and order["state"] == state:
                    return order
            time.sleep(0.05)
        self.fail(f"order {reference} did not become {state}")


class TestBrokers(Program):
    def test_the_ready_line_names_four_addresses(self):
        self.assertRegex(self.simulator.ready,
                         r"^janus-sim ready ib=127\.0\.0\.1:\d+ webull=127\.0\.0\.1:\d+ "
                         r"webull_events=127\.0\.0\.1:\d+ control=127\.0\.0\.1:\d+$")
        self.assertEqual(len(set(self.simulator.ports.values())), 4)

    def test_the_key_is_private(self):
        mode = stat.S_IMODE((self.simulator.tls_dir / "server.key").stat().st_mode)
        self.assertEqual(mode, 0o600)

    def test_state_shows_four_accounts_that_hold_something(self):
        state = self.simulator.state()
        self.assertEqual(len(state["accounts"]), 4)
        held = {position["account"] for position in state["positions"]}
        self.assertEqual(held, {account["id"] for account in state["accounts"]})
        symbols = {instrument["symbol"] for instrument in state["instruments"]}
        self.assertLessEqual({"AAPL", "MSFT", "NVDA", "SPY", "QQQ", "BRK.B", "F", "AMBX", "NOIB", "NOWB"},
                             symbols)

    def test_ib_shakes_hands_and_names_its_accounts(self):
        session = IbSession(self.simulator.ports["ib"])
        self.assertEqual(session.version, 176)
        session.socket.sendall(frame(71, 2, 7, ""))
        accounts = session.read_until(15)
        self.assertEqual(accounts[2].rstrip(","), "DU1000001,DU1000002")
        session.socket.close()

    def test_a_signed_call_over_tls_lists_the_accounts(self):
        status, accounts = webull(self.simulator, "GET", "/openapi/account/list")
        self.assertEqual(status, 200)
        self.assertEqual([account["account_id"] for account in accounts],
                         ["WBSIM0000000001", "WBSIM0000000002"])

    def test_a_wrong_secret_is_refused(self):
        status, answer = webull(self.simulator, "GET", "/openapi/account/list", secret="wrong")
        self.assertEqual((status, answer["error_code"]), (401, "OPENAPI_UNAUTHORIZED"))

    def test_a_stranger_does_not_trust_the_certificate(self):
        connection = http.client.HTTPSConnection("127.0.0.1", self.simulator.ports["webull"],
                                                 context=ssl.create_default_context(), timeout=PATIENCE)
        with self.assertRaises(ssl.SSLCertVerificationError):
            connection.request("GET", "/openapi/config")
        connection.close()

    def test_a_resting_order_rests_and_a_marketable_one_fills(self):
        resting, marketable = uuid.uuid4().hex, uuid.uuid4().hex
        path = "/openapi/trade/order/place"
        status, receipt = webull(self.simulator, "POST", path, body=order_body(resting))
        self.assertEqual((status, receipt["client_order_id"]), (200, resting))
        body = order_body(marketable, order_type="MARKET", limit_price=None)
        self.assertEqual(webull(self.simulator, "POST", path, body=body)[0], 200)
        filled = self.wait_for_order(marketable, "FILLED")
        self.assertEqual(filled["filled"], "2")
        self.assertEqual(self.wait_for_order(resting, "WORKING")["filled"], "0")
        ledger = self.simulator.control("GET", "/ledger")[1]["ledger"]
        self.assertEqual([entry["reference"] for entry in ledger if entry["reference"] in (resting, marketable)],
                         [resting, marketable])

    def test_the_control_port_sets_prices(self):
        price = {"symbol": "F", "bid": "11.50", "ask": "11.52", "last": "11.51"}
        self.assertEqual(self.simulator.control("POST", "/market", price)[0], 200)
        quotes = {row["symbol"]: row for row in self.simulator.state()["instruments"]}
        self.assertEqual(quotes["F"]["last"], "11.51")
        self.assertEqual(self.simulator.control("POST", "/market", {"symbol": "NONE", "last": "1"})[0], 404)

    def test_a_fault_resets_one_call(self):
        fault = {"target": "webull", "fault": "reset", "endpoint": "config", "count": 1}
        self.assertEqual(self.simulator.control("POST", "/faults", fault)[0], 200)
        with self.assertRaises((ConnectionError, http.client.HTTPException, ssl.SSLError)):
            webull(self.simulator, "GET", "/openapi/config")
        self.assertEqual(webull(self.simulator, "GET", "/openapi/config")[0], 200)
        status, answer = self.simulator.control("POST", "/faults", {"target": "webull", "fault": "none"})
        self.assertEqual(status, 404)
        self.assertIn("error", answer)

    def test_an_order_from_elsewhere_reaches_the_books(self):
        order = {"account": "DU1000001", "symbol": "AAPL", "side": "SELL", "quantity": "1"}
        status, answer = self.simulator.control("POST", "/external-order", order)
        self.assertEqual(status, 200)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            rows = [row for row in self.simulator.state()["orders"] if row["id"] == answer["id"]]
            if rows[0]["state"] == "FILLED":
                break
            time.sleep(0.05)
        self.assertEqual((rows[0]["state"], rows[0]["external"]), ("FILLED", True))


class TestClearText(Program):
    arguments = ("--no-tls", "--seed", "7")

    def test_webull_is_served_without_tls(self):
        self.assertEqual(webull(self.simulator, "GET", "/openapi/config", tls=False),
                         (200, {"token_check_enabled": False}))
        self.assertFalse(self.simulator.tls_dir.exists())


class TestLife(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="janus-sim-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_program(self, *arguments):
        return subprocess.run([str(PROGRAM), *map(str, arguments)], capture_output=True, text=True,
                              timeout=PATIENCE, check=False)

    def test_sigterm_ends_it_cleanly_with_clients_connected(self):
        simulator = Simulator(self.folder)
        session = IbSession(simulator.ports["ib"])
        started = time.monotonic()
        code, errors = simulator.stop()
        self.assertEqual((code, errors), (0, ""))
        self.assertLess(time.monotonic() - started, 5)
        session.socket.close()

    def test_certificates_are_used_again(self):
        first = Simulator(self.folder)
        self.addCleanup(first.stop)
        before = (first.tls_dir / "ca.pem").read_bytes()
        second = Simulator(self.folder)
        self.addCleanup(second.stop)
        self.assertEqual((second.tls_dir / "ca.pem").read_bytes(), before)
        self.assertEqual(webull(second, "GET", "/openapi/config")[0], 200)

    def test_a_scenario_replaces_the_world(self):
        file = self.folder / "world.toml"
        file.write_text('walk_ticks_max = 0\n[[instrument]]\nsymbol = "ABC"\nib_conid = 5\nib_symbol = "ABC"\n'
                        'webull_ticker = "ABC"\nwebull_instrument_id = "6"\nstart_price = "12.34"\n'
                        '[[account]]\nbroker = "ib"\nid = "DU9"\ncash = "10"\n')
        simulator = Simulator(self.folder, "--scenario", str(file))
        self.addCleanup(simulator.stop)
        state = simulator.state()
        self.assertEqual([account["id"] for account in state["accounts"]], ["DU9"])
        self.assertEqual(state["instruments"][0]["last"], "12.34")

    def test_a_bad_scenario_names_every_problem(self):
        file = self.folder / "world.toml"
        file.write_text('colour = "red"\nfill_delay = "long"\n')
        done = self.run_program("--scenario", file)
        self.assertEqual(done.returncode, 3)
        self.assertIn("unknown key 'colour'", done.stderr)
        self.assertIn("fill_delay", done.stderr)

    def test_wrong_usage_is_told(self):
        for arguments in (["--colour"], ["--ib", "nowhere"], ["--control", "0.0.0.0:0"], ["--seed", "x"]):
            done = self.run_program(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertTrue(done.stderr, arguments)
        self.assertEqual(self.run_program("--help").returncode, 0)

    def test_a_taken_address_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            done = self.run_program("--no-tls", "--ib", address, "--webull", "127.0.0.1:0",
                                    "--webull-events", "127.0.0.1:0", "--control", "127.0.0.1:0")
        self.assertEqual(done.returncode, 5)
        self.assertIn(address, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
