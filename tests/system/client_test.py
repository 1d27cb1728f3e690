#!/usr/bin/env python3
"""The client's commands, exit codes and screen against a running janusd (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import json
import os
import pty
import subprocess
import unittest

from live import BIN, ROOT, Live, LiveTest, until
from terminal import Terminal


class Commands(LiveTest):
    @classmethod
    def setUpClass(cls):
        cls.live = Live()
        cls.live.start_server()

    @classmethod
    def tearDownClass(cls):
        cls.live.__exit__()

    def code(self, *words, **other):
        answer = self.live.janus(*words, **other)
        if answer.code != 0:
            self.assertNotEqual(answer.err, "", words)
        return answer.code

    def test_exit_codes_tell_who_said_no(self):
        self.assertEqual(self.code("buy", "AAPL", "0"), 2)
        self.assertEqual(self.code("buy", "BRK B", "1"), 2)
        self.assertEqual(self.code("order", "999999"), 3)
        self.assertEqual(self.code("positions", account="nobody"), 3)
        self.assertEqual(self.code("buy", "AMBX", "1", account="ib_main"), 3)
        self.assertEqual(self.code("sell", "NVDA", "100000", account="ib_main"), 4)
        self.assertEqual(self.code("short", "F", "1", account="ib_main"), 4)
        self.live.fault("ib", "reject_orders", code="201", text="margin", count="1")
        self.assertEqual(self.code("buy", "AAPL", "1", account="ib_second"), 5)
        wrong = self.live.home / "wrong-token"
        wrong.write_text("0" * 64)
        self.assertEqual(self.code("--token-file", str(wrong), "accounts"), 8)

    def test_a_missing_ib_id_is_looked_up_once_and_an_unknown_symbol_is_denied(self):
        self.assertEqual(self.code("buy", "QQQ", "1", account="ib_second"), 0)
        symbol = self.live.ask("symbols", "show", "QQQ")
        self.assertNotEqual(symbol["ib_conid"], "")
        self.assertEqual(self.code("buy", "NOSUCH", "1", account="ib_second"), 3)
        self.assertEqual(self.code("buy", "NOSUCH", "1", account="webull_second"), 3)

    def test_the_same_key_is_the_same_order_and_another_order_is_refused(self):
        first = self.live.ask("buy", "AAPL", "1", "1.00", "--key", "k1", account="webull_second")
        again = self.live.ask("buy", "AAPL", "1", "1.00", "--key", "k1", account="webull_second")
        self.assertEqual(first["id"], again["id"])
        self.assertEqual(self.live.places(first["client_order_id"]), 1)
        self.assertEqual(self.code("buy", "AAPL", "2", "1.00", "--key", "k1", account="webull_second"), 4)
        cancelled = self.live.ask("cancel", first["id"])
        self.assertEqual(cancelled["state"], "CANCELLED")

    def test_halt_denies_orders_lets_cancels_pass_and_survives_a_restart(self):
        resting = self.live.ask("buy", "MSFT", "1", "1.00", account="ib_second")
        self.live.ask("halt", "ib_second", "--reason", "test")
        self.assertEqual(self.code("buy", "MSFT", "1", "1.00", account="ib_second"), 4)
        self.assertEqual(self.live.stop_server(), 0)
        self.live.start_server()
        self.assertEqual(self.code("buy", "MSFT", "1", "1.00", account="ib_second"), 4)
        self.assertEqual(self.live.ask("cancel", resting["id"])["state"], "CANCELLED")
        self.live.ask("resume", "ib_second")
        self.assertEqual(self.code("buy", "MSFT", "1", "1.00", account="ib_second"), 0)

    def test_events_replay_without_a_gap(self):
        self.live.ask("buy", "F", "1", "1.00", account="ib_main")
        reader = subprocess.Popen(self.live.command("events", "--from", "1", form="--ndjson"), stdout=subprocess.PIPE,
                                  text=True)
        numbers = [int(json.loads(reader.stdout.readline())["sequence"]) for _ in range(8)]
        reader.kill()
        reader.communicate()
        self.assertEqual(numbers, list(range(1, 9)))

    def test_data_is_on_standard_output_alone(self):
        text = self.live.janus("accounts", form="--no-color")
        self.assertIn("ib_main", text.out)
        self.assertNotIn("\x1b", text.out)
        rows = self.live.janus("positions", account="all", form="--csv").out.splitlines()
        self.assertTrue(rows[0].startswith("ACCOUNT,SYMBOL,QUANTITY"))
        default = self.live.ask("account", "webull_second")
        self.assertTrue(default["is_default"])
        self.live.ask("account", "ib_main")

    def test_the_documentation_of_settings_is_current(self):
        printed = subprocess.run([BIN / "janusd", "--print-config-docs"], capture_output=True, text=True, check=True)
        self.assertEqual((ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"), printed.stdout)

    def test_livez_needs_no_token_and_an_unknown_page_says_so(self):
        status, body = self.live.http("/livez", token=False)
        self.assertEqual((status, body), (200, "ok\n"))
        self.assertEqual(self.live.http("/nothing")[0], 404)


class Screen(LiveTest):
    def test_the_screen_shows_accounts_positions_and_takes_an_order(self):
        with Live() as live:
            live.start_server()
            with Terminal(live.command(form="--no-color")) as screen:
                until(lambda: "*ib_main" in screen.text() and "BRK.B" in screen.text(), "accounts and positions")
                self.assertIn("~", screen.text())
                screen.type("buy AAPL 1 1.00 --account ib_second", "Enter")
                until(lambda: "[y/n]" in screen.text(), "the question")
                self.assertFalse([row for row in live.orders() if not row["external"]])
                screen.type("y")
                until(lambda: "Open orders (1)" in screen.text() and "WORKING" in screen.text(), "the order on the screen")
                screen.resize(44, 20)
                until(lambda: max(map(len, screen.text().splitlines() or [""])) <= 44 and "AAPL" in screen.text(),
                      "a narrow screen")
                screen.type("quit", "Enter")
                until(screen.is_over, "the end of the screen")
                self.assertEqual(live.account("ib_main")["state"], "ready", "leaving stops no server")

    def test_a_screen_whose_terminal_is_closed_ends(self):
        with Live() as live:
            live.start_server()
            outer, inner = pty.openpty()
            # A hang-up signal may be ignored by whoever started it; the closed terminal alone must end it.
            screen = subprocess.Popen(["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *live.command(form="--no-color")],
                                      stdin=inner, stdout=inner, env={**os.environ, "TERM": "xterm"})
            os.close(inner)
            self.assertTrue(os.read(outer, 64), "the screen was drawn")
            os.close(outer)
            self.assertEqual(screen.wait(10), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
