#!/usr/bin/env python3
"""Webull's own Python SDK, unchanged, against janus-sim over TLS. By hand: see the README beside this file.

Needs the SDK (2.x) with what it imports on PYTHONPATH, and JANUS_BIN, the folder of janus-sim.
"""

import contextlib
import io
import json
import logging
import os
import re
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
import uuid
from pathlib import Path

ACCOUNT, SECOND = "WBSIM0000000001", "WBSIM0000000002"
KEY, SECRET = "demo-key", "demo-secret"
PATIENCE = 30.0

TEMPORARY = tempfile.TemporaryDirectory(prefix="janus-sdk-")  # Removed at the end.
FOLDER = Path(TEMPORARY.name)
os.environ["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = str(FOLDER / "ca.pem")  # Read when gRPC is first used.

from webull.core.client import ApiClient  # noqa: E402
from webull.core.exception.exceptions import ServerException  # noqa: E402
from webull.trade.trade_client import TradeClient  # noqa: E402
from webull.trade.trade_events_client import TradeEventsClient  # noqa: E402

logging.disable(logging.CRITICAL)  # The SDK logs whole requests.


def until(look, what):
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {PATIENCE:.0f} s")
        time.sleep(0.05)
    return found


def call(function, *arguments, **options):
    """Returns status and body, of a refusal too; waits while the simulator throttles, as its limits want."""
    for _ in range(20):
        try:
            answer = function(*arguments, **options)
            return answer.status_code, answer.json()
        except ServerException as error:
            if error.get_http_status() != 429:
                return error.get_http_status(), error.get_error_code()
        time.sleep(0.5)
    raise AssertionError("throttled for ever")


def an_order(**changes):
    order = {"combo_type": "NORMAL", "client_order_id": uuid.uuid4().hex, "symbol": "AAPL", "instrument_type": "EQUITY",
             "market": "US", "order_type": "LIMIT", "limit_price": "1.00", "quantity": "1", "side": "BUY",
             "support_trading_session": "CORE", "time_in_force": "DAY", "entrust_type": "QTY", **changes}
    return {name: value for name, value in order.items() if value is not None}


class Listener(threading.Thread):
    """The SDK's event client: what it heard, and how it ended."""

    def __init__(self, port, *accounts):
        super().__init__(daemon=True)
        self.accounts, self.events, self.subscribed, self.ended = list(accounts), [], 0, None
        self.client = TradeEventsClient(KEY, SECRET, "us", host="127.0.0.1", port=port)
        self.client.on_connect = self.on_connect
        self.client.on_events_message = lambda _kind, _type, payload, _raw: self.events.append(payload)
        self.start()
        until(lambda: self.subscribed, "SubscribeSuccess")

    def on_connect(self, *_):
        self.subscribed += 1

    def run(self):
        with contextlib.redirect_stdout(io.StringIO()):  # It prints its signatures.
            try:
                self.client.do_subscribe(self.accounts)
                self.ended = "returned"
            except Exception as error:  # pylint: disable=broad-except
                self.ended = repr(error)

    def wait_for(self, scene, order):
        return until(lambda: [event for event in self.events if event["scene_type"] == scene
                              and event["client_order_id"] == order["client_order_id"]], scene)[0]


class Sdk(unittest.TestCase):
    def setUp(self):
        words = [str(Path(os.environ["JANUS_BIN"], "janus-sim")), "--tls-dir", str(FOLDER)]
        for name in ("--ib", "--webull", "--webull-events", "--control"):
            words += [name, "127.0.0.1:0"]
        self.sim = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.sim.stdout.close)
        self.addCleanup(self.sim.wait)
        self.addCleanup(self.sim.terminate)
        line = self.sim.stdout.readline()
        self.ports = {name: int(port) for name, port in re.findall(r"(\w+)=127\.0\.0\.1:(\d+)", line)}

    def control(self, path, **body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['control']}{path}",
                                         json.dumps(body).encode() if body else None)
        return json.loads(urllib.request.urlopen(request, timeout=10).read())

    def fault(self, target, name, **parameters):
        self.control("/faults", target=target, fault=name, **parameters)

    def client(self, secret=SECRET, port_in_host=False):
        port = self.ports["webull"]
        api = ApiClient(KEY, secret, "us", port=443 if port_in_host else port, verify=str(FOLDER / "ca.pem"))
        api.add_endpoint("us", f"127.0.0.1:{port}" if port_in_host else "127.0.0.1")
        api.set_token_dir(tempfile.mkdtemp(dir=FOLDER))
        return TradeClient(api)

    def listen(self, *accounts):
        return Listener(self.ports["webull_events"], *accounts)

    def good(self, function, *arguments, **options):
        status, body = call(function, *arguments, **options)
        self.assertEqual(status, 200, body)
        return body

    def test_accounts_are_read_however_the_host_is_signed(self):
        for port_in_host in (False, True):
            client = self.client(port_in_host=port_in_host).account_v2
            self.assertEqual([row["account_id"] for row in self.good(client.get_account_list)], [ACCOUNT, SECOND])
        self.assertTrue(self.good(client.get_account_balance, ACCOUNT)["account_currency_assets"])
        self.assertIn("AAPL", [row["symbol"] for row in self.good(client.get_account_position, ACCOUNT)])
        self.assertEqual(call(client.get_account_position, "OTHER"), (403, "OPENAPI_ACCOUNT_ACCESS_DENIED"))

    def test_a_wrong_secret_is_refused(self):
        with self.assertRaises(ServerException) as caught:
            self.client(secret="wrong")
        self.assertEqual(caught.exception.get_http_status(), 401)

    def test_a_token_is_made_and_waited_for(self):
        self.fault("webull", "token_state", state="NORMAL", new_state="PENDING", checks=2)
        begun = time.monotonic()
        client = self.client()
        self.assertGreater(time.monotonic() - begun, 4.0, "the SDK checks every 5 s")
        self.good(client.account_v2.get_account_list)

    def test_an_order_lives_its_life(self):
        orders, events = self.client().order_v3, self.listen(ACCOUNT)
        order = an_order()
        self.assertIn("estimated_cost", self.good(orders.preview_order, ACCOUNT, [order]))
        self.good(orders.place_order, ACCOUNT, [order])
        self.assertEqual(call(orders.place_order, ACCOUNT, [order]), (417, "OPENAPI_TRADE_PLACE_ORDER_REPEAT"))
        change = {"client_order_id": order["client_order_id"], "quantity": "2", "limit_price": "1.01"}
        self.good(orders.replace_order, ACCOUNT, [change])
        events.wait_for("MODIFY_SUCCESS", order)
        row = self.good(orders.get_order_detail, ACCOUNT, order["client_order_id"])["orders"][0]
        self.assertEqual((row["total_quantity"], row["limit_price"]), ("2", "1.01"))
        self.good(orders.cancel_order, ACCOUNT, order["client_order_id"])
        events.wait_for("CANCEL_SUCCESS", order)
        self.assertEqual(call(orders.cancel_order, ACCOUNT, "0" * 24), (417, "OPENAPI_ORDER_NOT_FOUND"))
        bought = an_order(order_type="MARKET", limit_price=None, quantity="3")
        self.good(orders.place_order, ACCOUNT, [bought])
        self.assertEqual(float(events.wait_for("FINAL_FILLED", bought)["filled_qty"]), 3)
        self.assertIn(bought["client_order_id"],
                      [group["client_order_id"] for group in self.good(orders.get_order_history, ACCOUNT)])

    def test_every_kind_of_order_is_taken(self):
        orders = self.client().order_v3
        for kind in ({"order_type": "STOP_LOSS", "stop_price": "9999", "limit_price": None},
                     {"order_type": "STOP_LOSS_LIMIT", "stop_price": "9999", "limit_price": "9999.5"},
                     {"order_type": "TRAILING_STOP_LOSS", "trailing_type": "AMOUNT", "trailing_stop_step": "50",
                      "limit_price": None, "side": "SELL"},
                     {"time_in_force": "GTC"}, {"support_trading_session": "ALL"}, {"support_trading_session": "NIGHT"}):
            with self.subTest(kind):
                self.good(orders.place_order, ACCOUNT, [an_order(**kind)])

    def test_a_batch_places_what_it_can(self):
        batch = [an_order(), an_order(symbol="NOSUCH")]
        answer = self.good(self.client().order_v3.batch_place_order, ACCOUNT, batch)
        self.assertEqual((answer["total"], answer["success"], answer["failed"]), (2, 1, 1))

    def test_pages_are_read_to_their_end(self):
        orders = self.client().order_v3
        placed = [an_order(limit_price=f"1.{number}") for number in range(10, 23)]
        for order in placed:
            self.good(orders.place_order, ACCOUNT, [order])
        seen, page = [], True
        while page:
            page = self.good(orders.get_order_open, ACCOUNT, page_size=10,
                             last_client_order_id=seen[-1] if seen else None)
            seen += [group["client_order_id"] for group in page]
        self.assertEqual(sorted(seen), sorted(order["client_order_id"] for order in placed))

    def test_a_stream_that_breaks_comes_back_and_one_that_ends_returns(self):
        orders, events = self.client().order_v3, self.listen(ACCOUNT, SECOND)
        self.fault("events", "stream_end", status=14)
        until(lambda: events.subscribed == 2, "a new subscription")
        order = an_order(order_type="MARKET", limit_price=None)
        self.good(orders.place_order, SECOND, [order])
        events.wait_for("FINAL_FILLED", order)
        polite = self.listen(ACCOUNT)
        self.fault("events", "stream_end", status=0)
        self.assertEqual(until(lambda: polite.ended, "the end"), "returned")

    def test_a_place_whose_answer_is_lost_is_found_by_its_detail(self):
        orders, order = self.client().order_v3, an_order()
        self.fault("webull", "http_status", endpoint="place", status=502, when="after", count=1)
        self.assertEqual(call(orders.place_order, ACCOUNT, [order])[0], 502)
        self.good(orders.get_order_detail, ACCOUNT, order["client_order_id"])
        self.assertEqual(call(orders.place_order, ACCOUNT, [order]), (417, "OPENAPI_TRADE_PLACE_ORDER_REPEAT"))


if __name__ == "__main__":
    unittest.main()
