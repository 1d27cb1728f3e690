#!/usr/bin/env python3
"""kill -9 between place and answer: no order is lost or sent twice (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import subprocess
import unittest

from live import Live, LiveTest, until

# How the broker treats the order while janusd is dead: the fault that keeps the answer back, and what must come out.
IB_CASES = (
    ("swallowed", ("ib", "swallow_place"), "1.00", "UNKNOWN"),
    ("acknowledged", ("ib", "drop_ack"), "1.00", "WORKING"),
    ("filled", ("ib", "drop_ack"), "9999.00", "FILLED"),
)
WEBULL_CASES = (
    ("swallowed", ("webull", "swallow_place", {"reply": "none"}), "1.00", "UNKNOWN"),
    ("acknowledged", ("webull", "no_reply", {"endpoint": "place", "when": "after"}), "1.00", "WORKING"),
    ("filled", ("webull", "no_reply", {"endpoint": "place", "when": "after"}), "9999.00", "FILLED"),
)
ROUNDS = 20


class KillBetweenPlaceAndAnswer(LiveTest):
    def crash_once(self, live, account, case, number):
        what, fault, limit, _ = case
        members = fault[2] if len(fault) > 2 else {}
        live.fault(fault[0], fault[1], count=1, **members)
        key = f"crash-{number}"
        client = subprocess.Popen(live.command("buy", "AAPL", "1", limit, "--key", key, account=account),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = {row["reference"] for row in self.ledger}

        def arrived():
            rows = live.control("GET", "/ledger")["ledger"]
            fresh = [row["reference"] for row in rows if row["kind"] == "place" and row["reference"] not in before]
            return fresh[0] if fresh else None
        reference = until(arrived, f"{what} order at {account}")
        live.kill_server()
        client.wait()
        self.ledger = live.control("GET", "/ledger")["ledger"]
        live.start_server()
        return reference, key

    def test_each_order_is_at_the_broker_once_and_ends_as_the_brokers_books_say(self):
        with Live() as live:
            live.start_server()
            live.ask("harmony")
            self.ledger = live.control("GET", "/ledger")["ledger"]
            plan = [(account, case) for case_ib, case_webull in zip(IB_CASES, WEBULL_CASES)
                    for account, case in (("ib_main", case_ib), ("webull_personal", case_webull))]
            for number in range(ROUNDS):
                account, case = plan[number % len(plan)]
                reference, key = self.crash_once(live, account, case, number)
                with self.subTest(round=number, account=account, case=case[0]):
                    def found():
                        rows = [row for row in live.orders() if row["client_order_id"] == reference]
                        return rows[0] if len(rows) == 1 and rows[0]["state"] == case[3] else None
                    order = until(found, f"{case[0]} order of {account} as {case[3]}")
                    self.assertEqual(live.places(reference), 1)
                    # The client repeats its request: the same order answers, nothing is sent.
                    repeat = live.janus("buy", "AAPL", "1", case[2], "--key", key, account=account)
                    self.assertEqual(repeat.json["id"], order["id"])
                    self.assertEqual(live.places(reference), 1)
                    if case[3] == "UNKNOWN":
                        live.ask("resolve", order["id"], "NOT_SENT", "--reason", "the broker's books do not have it")
                    if case[3] == "WORKING":
                        live.ask("cancel", order["id"])
            truth = {row["reference"]: row for row in live.state()["orders"] if row["reference"]}
            for row in live.orders():
                if row["client_order_id"] in truth:
                    self.assertEqual((row["state"], row["filled"]),
                                     (truth[row["client_order_id"]]["state"], truth[row["client_order_id"]]["filled"]))
            places = [row["reference"] for row in live.control("GET", "/ledger")["ledger"] if row["kind"] == "place"]
            self.assertEqual(len(places), len(set(places)), "each order reached its broker exactly once")
            self.assertEqual(len(places), ROUNDS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
