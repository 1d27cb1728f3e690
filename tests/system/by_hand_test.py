#!/usr/bin/env python3
"""Orders made by hand in TWS, and delayed quotes, with the real programs (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import unittest

from live import Live, until


class HandMade(Live):
    """Janus is the client at IB that the test says, with more lines in the table of its accounts."""

    lines = ""

    def configuration(self, **other):
        return super().configuration(**other).replace("client_id = 11\n", self.lines)

    def make_by_hand(self, symbol):
        self.control("POST", "/external-order", {"account": "DU1000001", "symbol": symbol, "quantity": "3",
                                                 "type": "LIMIT", "limit_price": "1.00"})
        return until(lambda: next((row for row in self.orders() if row["external"] and row["symbol"] == symbol), None),
                     f"the order for {symbol} that was made by hand")


class ClientZero(HandMade):
    lines = 'client_id = 0\nmessages_per_second = 30\nmarket_data_kind = "delayed"\n'


class OtherClient(HandMade):
    lines = 'client_id = 11\nopen_orders_poll = "1s"\n'


class ByHand(unittest.TestCase):
    def test_client_zero_cancels_what_was_made_by_hand_and_shows_delayed_quotes(self):
        with ClientZero() as live:
            live.fault("ib", "delayed_data")
            live.start_server()
            order = live.make_by_hand("MSFT")
            self.assertEqual(live.ask("cancel", order["id"])["state"], "CANCELLED")
            at_broker = [row for row in live.state()["orders"] if row["symbol"] == "MSFT" and not row["reference"]]
            self.assertEqual([row["state"] for row in at_broker], ["CANCELLED"], at_broker)
            live.ask("ticks", "NVDA")
            quote = until(lambda: (lambda row: row if row.get("last") else None)(live.ask("quote", "NVDA")["quotes"][0]),
                          "a delayed quote")
            self.assertEqual(quote["quality"], "delayed")

    def test_any_other_client_is_told_why_not_and_what_to_do(self):
        with OtherClient() as live:
            live.start_server()
            order = live.make_by_hand("MSFT")
            answer = live.janus("cancel", order["id"])
            self.assertEqual(answer.code, 5, answer.err)
            self.assertIn("cancel it in TWS, or set client_id = 0 for account ib_main", answer.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
