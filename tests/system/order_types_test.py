#!/usr/bin/env python3
"""Order types, changes, previews and brackets with the real programs (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import unittest
from decimal import Decimal

from live import Live, LiveTest, until


class OrderTypes(LiveTest):
    @classmethod
    def setUpClass(cls):
        cls.live = Live()
        cls.live.start_server()

    @classmethod
    def tearDownClass(cls):
        cls.live.__exit__()

    def ledger(self, order):
        """What the broker was sent about this order, by kind."""
        rows = self.live.control("GET", "/ledger")["ledger"]
        return [row["kind"] for row in rows if row["reference"] == order["client_order_id"]]

    def at_broker(self, order):
        rows = [row for row in self.live.state()["orders"] if row["reference"] == order["client_order_id"]]
        self.assertEqual(len(rows), 1, order)
        return rows[0]

    def quote(self, symbol):
        return next(row for row in self.live.state()["instruments"] if row["symbol"] == symbol)

    def place(self, *words, account="ib_main"):
        return self.live.ask(*words, account=account)

    def denied(self, *words, code=4, says="", account="ib_main"):
        answer = self.live.janus(*words, account=account)
        self.assertEqual(answer.code, code, f"{words}: {answer.out} {answer.err}")
        self.assertIn(says, answer.err)
        self.assertEqual(answer.out, "")

    def cancel(self, order):
        self.assertEqual(self.live.ask("cancel", order["id"])["state"], "CANCELLED")

    # ---- modify ----

    def test_a_modification_is_sent_once_and_shown_by_the_broker(self):
        order = self.place("buy", "MSFT", "3", "1.00")
        changed = self.live.ask("modify", order["id"], "--qty", "5", "--limit", "1.10")
        self.assertEqual((changed["quantity"], changed["limit_price"]), ("5", "1.1"))
        self.assertIsNone(changed.get("wanted"))
        self.assertEqual(self.ledger(order), ["place", "modify"])
        self.assertEqual(Decimal(self.at_broker(order)["quantity"]), 5)
        again = self.live.ask("modify", order["id"], "--limit", "1.10")
        self.assertEqual(again["limit_price"], "1.1")
        self.assertEqual(self.ledger(order), ["place", "modify"], "nothing to change, nothing sent")
        history = [line["event"] for line in self.live.ask("order", order["id"])["history"]]
        self.assertIn("modified", history)
        self.cancel(order)
        self.denied("modify", order["id"], "--qty", "6", says="CANCELLED")

    def test_what_may_not_be_modified_is_said_with_its_exit_code(self):
        order = self.place("buy", "MSFT", "3", "1.00")
        self.denied("modify", "999999", "--qty", "1", code=3)
        self.denied("modify", order["id"], "--stop", "1", code=2, says="takes no stop price")
        self.denied("modify", order["id"], "--qty", "0", code=2)
        self.denied("modify", order["id"], "--limit", "1.001", says="")
        self.assertEqual(self.ledger(order), ["place"])
        other = self.place("buy", "MSFT", "1", "1.00", account="webull_second")
        self.assertNotEqual(self.live.janus("modify", other["id"], "--stop", "2").code, 0)
        self.live.ask("cancel-all", account="all")

    def test_a_modified_order_is_still_the_same_order_after_a_restart(self):
        words = ("buy", "MSFT", "2", "1.00", "--key", "modified-key")
        order = self.place(*words)
        self.live.ask("modify", order["id"], "--limit", "1.20")
        self.assertEqual(self.live.stop_server(), 0)
        self.live.start_server()
        self.assertEqual(self.live.order(order["id"])["limit_price"], "1.2")
        again = self.place(*words)
        self.assertEqual(again["id"], order["id"])
        self.assertEqual(self.ledger(order), ["place", "modify"])
        self.cancel(order)

    # ---- preview ----

    def test_a_preview_shows_the_brokers_figures_and_places_nothing(self):
        before = len(self.live.orders())
        sent = len(self.live.control("GET", "/ledger")["ledger"])
        preview = self.place("buy", "MSFT", "10", "1.00", "--preview")
        self.assertTrue(preview["initial_margin"].get("after") or preview.get("commission")
                        or preview.get("commission_max"), preview)
        text = self.live.janus("buy", "MSFT", "10", "1.00", "--preview", account="ib_main", form="--csv")
        self.assertEqual(text.code, 0, text.err)
        self.assertIn("FIGURE,AMOUNT,CURRENCY", text.out)
        self.assertIn("nothing was placed", text.err)
        self.assertEqual(len(self.live.orders()), before)
        kinds = [row["kind"] for row in self.live.control("GET", "/ledger")["ledger"][sent:]]
        self.assertNotIn("place", kinds)
        self.denied("sell", "NVDA", "100000", "--preview")

    def test_a_preview_of_a_bracket_says_what_it_covers_and_checks_the_exits(self):
        before = len(self.live.orders())
        words = ("buy", "MSFT", "10", "390", "--take-profit", "500", "--stop-loss")
        preview = self.place(*words, "300", "--preview")
        self.assertIn("the entry alone", preview["covers"])
        self.assertTrue(preview["initial_margin"].get("after"), preview)
        self.assertEqual(self.place("buy", "MSFT", "10", "390", "--preview")["covers"], "")
        self.denied(*words, "600", "--preview", code=2)
        self.denied(*words, "300.001", "--preview", says="300.001")
        self.assertEqual(len(self.live.orders()), before)

    # ---- types ----

    def test_a_trailing_stop_follows_the_market(self):
        order = self.place("sell", "AAPL", "1", "--trail", "2")
        self.assertEqual(order["type"], "TRAILING_STOP")
        self.assertEqual(order["trail_amount"], "2")
        self.assertFalse(order["final"])
        shown = until(lambda: (lambda o: o if o.get("stop_price") else None)(self.live.order(order["id"])),
                      "the stop of the trailing order")
        self.assertNotIn("changed_at_broker", " ".join(shown["flags"]))
        changed = self.live.ask("modify", order["id"], "--trail", "5%")
        self.assertEqual(changed["trail_percent"], "5")
        self.assertIsNone(changed.get("trail_amount"))
        self.cancel(order)

    def test_times_in_force_and_sessions_reach_the_broker(self):
        dated = self.place("buy", "MSFT", "1", "1.00", "--tif", "GTD:2036-12-31T21:00:00Z")
        self.assertEqual((dated["time_in_force"], dated["good_till"]), ("GTD", "2036-12-31T21:00:00.000Z"))
        self.cancel(dated)
        self.denied("buy", "MSFT", "1", "1.00", "--tif", "GTD:2020-01-01", code=2, says="past")
        immediate = self.place("buy", "MSFT", "1", "1.00", "--tif", "IOC")
        ended = until(lambda: (lambda o: o if o["final"] else None)(self.live.order(immediate["id"])),
                      "the end of an order that cannot be filled at once")
        self.assertEqual(ended["state"], "CANCELLED")
        self.assertEqual(ended["filled"], "0")
        self.denied("bstop", "MSFT", "1", "9999", "--tif", "FOK", code=2, says="STOP order cannot be FOK")
        self.denied("buy", "MSFT", "1", "--on-close", "--session", "EXTENDED", code=2, says="REGULAR")

    def test_what_a_broker_does_not_take_is_denied_by_name(self):
        self.denied("sell", "AAPL", "1", "--on-close", "--tif", "DAY", says="Webull", account="webull_personal")

    # ---- brackets ----

    def test_a_bracket_is_three_orders_and_its_exits_wait(self):
        ask = Decimal(self.quote("MSFT")["ask"])
        listed = self.place("buy", "MSFT", "2", "1.00", "--take-profit", str(ask * 2 // 1), "--stop-loss", "0.50",
                            "--key", "bracket-1")["orders"]
        self.assertEqual(len(listed), 3)
        entry, profit, loss = listed
        self.assertEqual([row["type"] for row in listed], ["LIMIT", "LIMIT", "STOP"])
        self.assertEqual({row["parent"] for row in (profit, loss)}, {entry["id"]})
        self.assertEqual(profit["oca_group"], loss["oca_group"])
        self.assertEqual([row["side"] for row in listed], ["BUY", "SELL", "SELL"])
        for row in listed:
            self.assertEqual(self.ledger(row), ["place"])
        again = self.place("buy", "MSFT", "2", "1.00", "--take-profit", str(ask * 2 // 1), "--stop-loss", "0.50",
                           "--key", "bracket-1")["orders"]
        self.assertEqual([row["id"] for row in again], [row["id"] for row in listed])
        self.live.ask("cancel", entry["id"])
        until(lambda: all(self.live.order(row["id"])["final"] for row in listed), "the end of the whole bracket")
        self.denied("buy", "MSFT", "1", "1.00", "--take-profit", "0.90", "--stop-loss", "0.50", code=2,
                    says="take profit")
        self.denied("buy", "AAPL", "1", "1.00", "--take-profit", "9", "--stop-loss", "0.50", says="bracket",
                    account="webull_personal")

    def test_a_filled_entry_leaves_its_exits_and_one_fill_cancels_the_other(self):
        listed = self.place("buy", "MSFT", "1", "--take-profit", "99999", "--stop-loss", "1.00")["orders"]
        entry, profit, loss = listed
        until(lambda: self.live.order(entry["id"])["state"] == "FILLED", "the fill of the entry")
        self.assertFalse(self.live.order(profit["id"])["final"])
        lower = self.live.ask("modify", profit["id"], "--limit", "1.50")
        self.assertEqual(lower["limit_price"], "1.5")
        until(lambda: self.live.order(profit["id"])["state"] == "FILLED", "the fill of the exit")
        until(lambda: self.live.order(loss["id"])["state"] == "CANCELLED", "the cancel of the other exit")


if __name__ == "__main__":
    unittest.main(verbosity=2)
