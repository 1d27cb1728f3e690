#!/usr/bin/env python3
"""What the client prints agrees with the brokers' truth (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import unittest
from decimal import Decimal

from live import ACCOUNTS, BROKER_IDS, Live, LiveTest, until


class Agreement(LiveTest):
    def test_holdings_balances_and_registry_equal_the_brokers_state(self):
        with Live() as live:
            live.start_server()
            state = live.state()
            expected = {(row["account"], row["symbol"]): Decimal(row["quantity"]) for row in state["positions"]}
            names = {code: name for name, code in BROKER_IDS.items()}
            expected = {(names[account], symbol): quantity for (account, symbol), quantity in expected.items()}
            self.assertEqual(live.positions(), expected)
            self.assertGreaterEqual({account for account, _ in expected}, set(ACCOUNTS))

            cash = {names[row["account"]]: Decimal(row["cash"]) for row in state["balances"]}
            shown = {row["account"]: Decimal(row["cash"])
                     for row in live.ask("balances", account="all")["balances"] if row["currency"] == "USD"}
            self.assertEqual(shown, cash)

            portfolio = live.ask("portfolio")
            sums = {}
            for (_, symbol), quantity in expected.items():
                sums[symbol] = sums.get(symbol, 0) + quantity
            self.assertEqual({row["symbol"]: Decimal(row["quantity"]) for row in portfolio["rows"]}, sums)

            truth = {row["symbol"]: row for row in state["instruments"]}
            held_at = {"ib": set(), "webull": set()}
            for account, symbol in expected:
                held_at["ib" if account.startswith("ib") else "webull"].add(symbol)
            symbols = {row["canonical_symbol"]: row for row in live.ask("symbols", "list")["symbols"]}
            for symbol in held_at["ib"]:
                self.assertEqual(symbols[symbol]["ib_conid"], str(truth[symbol]["ib_conid"]), symbol)
            for symbol in held_at["webull"]:
                self.assertEqual(symbols[symbol]["webull_ticker"], truth[symbol]["webull_ticker"], symbol)

    def test_harmony_fills_only_unique_matches_and_a_second_run_changes_nothing(self):
        with Live() as live:
            live.start_server()
            before = live.ask("symbols", "list")
            dry = live.ask("harmony", "--dry-run")
            self.assertTrue(dry["dry_run"])
            self.assertEqual(live.ask("symbols", "list"), before, "a dry run writes nothing")
            first = live.ask("harmony")
            outcome = {(row["symbol"], row["broker"]): row for row in first["items"]}
            self.assertEqual(outcome[("AMBX", "ib")]["outcome"], "ambiguous")
            self.assertGreaterEqual(len(outcome[("AMBX", "ib")]["candidates"]), 2)
            self.assertEqual(outcome[("NOIB", "ib")]["outcome"], "missing")
            symbols = {row["canonical_symbol"]: row for row in live.ask("symbols", "list")["symbols"]}
            self.assertEqual(symbols["AMBX"]["ib_conid"], "")
            self.assertEqual(symbols["MSFT"]["webull_ticker"], "MSFT")
            self.assertEqual(symbols["BRK.B"]["webull_ticker"], "BRK.B")
            after = live.ask("symbols", "list")
            second = live.ask("harmony")
            self.assertEqual(live.ask("symbols", "list"), after)
            self.assertEqual(sum(row["filled"] for row in second["summaries"]), 0)
            changes = live.ask("symbols", "history", "MSFT")["changes"]
            self.assertTrue(all(row["who"] and row["at"] for row in changes), changes)

    def test_orders_equal_the_brokers_state_and_ticks_price_both_brokers(self):
        with Live() as live:
            live.start_server()
            live.ask("harmony")
            live.ask("buy", "AAPL", "60", account="ib_main")           # Fills in parts.
            live.ask("buy", "MSFT", "2", account="webull_personal")
            live.ask("buy", "AAPL", "1", "1.00", account="ib_second")  # Rests.
            live.ask("sstop", "AAPL", "1", "1.00", account="ib_main")
            resting = live.ask("buy", "F", "3", "1.00", account="webull_second")
            live.ask("cancel", resting["id"])
            live.control("POST", "/external-order", {"account": "DU1000001", "symbol": "SPY", "quantity": "1",
                                                     "side": "BUY", "limit_price": "1.00"})

            def truth():
                return {row["reference"]: row for row in live.state()["orders"] if row["reference"]}

            def agree():
                ours = {row["client_order_id"]: row for row in live.orders() if not row["external"]}
                wrong = [(row["state"], truth()[key]["state"]) for key, row in ours.items()
                         if (row["state"], row["filled"]) != (truth()[key]["state"], truth()[key]["filled"])]
                return len(ours) == 5 and not wrong
            until(agree, "orders equal to the brokers' state")
            # IB tells of orders from elsewhere only when it is asked.
            live.ask("sync", "ib_main")
            external = until(lambda: [row for row in live.orders() if row["external"]], "the external order")
            self.assertEqual(external[0]["symbol"], "SPY")

            executions = live.ask("executions", account="all")["executions"]
            for account, broker_id in BROKER_IDS.items():
                booked = sum(Decimal(row["quantity"]) for row in executions if row["account"] == account)
                done = sum(Decimal(row["quantity"]) for row in live.state()["executions"] if row["account"] == broker_id)
                self.assertEqual(booked, done, account)

            rows = {row["symbol"]: row for row in live.ask("portfolio")["rows"]}
            part = next(row for row in rows["AAPL"]["parts"] if row["account"].startswith("webull"))
            self.assertTrue(part["valuation"]["derived"])
            self.assertEqual(part["valuation"]["quality"], "live")
            self.assertTrue(part["valuation"]["source"].startswith("ib:"))
            self.assertIn("age_seconds", part["valuation"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
