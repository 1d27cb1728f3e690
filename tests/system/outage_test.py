#!/usr/bin/env python3
"""What is down is said, the rest goes on, and it heals by itself (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import itertools
import os
import re
import signal
import socket
import subprocess
import tempfile
import unittest
from datetime import datetime

from live import BIN, DATABASES, Live, LiveTest, sql, until


class AtStart(LiveTest):
    def refused(self, live, code, *words, **other):
        server = live.launch_server("refused", **other)
        self.assertEqual(server.wait(15), code, live.text("refused.err"))
        lines = live.text("refused.err").strip().splitlines()
        self.assertEqual(len([line for line in lines if line.startswith("janusd: ")]), 1, lines)
        for word in words:
            self.assertIn(word, lines[-1])
        self.assertNotIn("hunter2", live.text("refused.err"))
        self.assertFalse([row for row in live.control("GET", "/ledger")["ledger"]])

    def test_a_database_that_cannot_be_reached_is_exit_code_4_and_one_line(self):
        with Live() as live:
            self.refused(live, 4, url=f"postgresql:///janus?host={live.home}/nowhere&user=janus")

    def test_a_wrong_password_is_exit_code_4_and_is_not_shown(self):
        with Live() as live, socket.create_server(("127.0.0.1", 0)) as listener:
            # A server that refuses every password, as PostgreSQL writes it on the wire.
            port = listener.getsockname()[1]
            listening = os.fork()
            if listening == 0:
                for _ in range(4):
                    client, _ = listener.accept()
                    client.recv(4096)
                    client.sendall(b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big"))
                    client.recv(4096)
                    body = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"janus\"\0\0"
                    client.sendall(b"E" + (len(body) + 4).to_bytes(4, "big") + body)
                    client.close()
                os._exit(0)
            self.addCleanup(os.waitpid, listening, 0)
            self.addCleanup(os.kill, listening, signal.SIGKILL)
            self.refused(live, 4, "password authentication failed",
                         url=f"postgresql://janus:hunter2@127.0.0.1:{port}/janus?sslmode=disable&gssencmode=disable")

    def test_a_second_janusd_on_the_same_state_or_database_is_exit_code_6(self):
        with Live() as live:
            live.start_server()
            self.refused(live, 6)
            other = live.home / "other"
            config = live.configuration().replace(f"{live.home}/state", str(other))
            (live.home / "third.toml").write_text(config, encoding="utf-8")
            third = live.spawn(BIN / "janusd", "--config", live.home / "third.toml", log="third")
            self.assertEqual(third.wait(15), 6, live.text("third.err"))

    def test_a_port_in_use_is_exit_code_5_and_a_bad_configuration_3(self):
        with Live() as live, socket.create_server(("127.0.0.1", 0)) as taken:
            text = live.configuration().replace('grpc = "127.0.0.1:0"', f'grpc = "127.0.0.1:{taken.getsockname()[1]}"')
            (live.home / "taken.toml").write_text(text, encoding="utf-8")
            self.assertEqual(live.spawn(BIN / "janusd", "--config", live.home / "taken.toml", log="taken").wait(15), 5)
            (live.home / "bad.toml").write_text("[api]\ngrcp = 1\n", encoding="utf-8")
            self.assertEqual(live.spawn(BIN / "janusd", "--config", live.home / "bad.toml", log="bad").wait(15), 3)
            self.assertIn("did you mean 'grpc'", live.text("bad.err"))


class WithBatches(Live):
    """The programs with batches allowed at Webull."""

    def configuration(self, **other):
        text = super().configuration(**other)
        return re.sub(r'^broker = "webull"$', 'broker = "webull"\nbatch_orders = true', text, flags=re.M)

    def batches(self, count):
        """Returns what the ledger has of batches, once it has so many of their orders."""
        rows = [row for row in self.control("GET", "/ledger")["ledger"] if "batch_orders" in row["raw"]]
        return rows if len(rows) == count else None


class WhileRunning(LiveTest):
    def test_ib_closed_leaves_webull_trading_and_comes_back_by_itself(self):
        with Live() as live:
            with socket.create_server(("127.0.0.1", 0)) as closed:
                port = closed.getsockname()[1]
            live.start_server(ready=False, ib_port=port)
            live.wait_ready(("webull_personal", "webull_second"))
            state = live.account("ib_main")
            self.assertIn(state["state"], ("down", "connecting"), state)
            self.assertTrue(state["reason"], state)
            denied = live.janus("buy", "AAPL", "1", account="ib_main")
            self.assertEqual(denied.code, 4, denied.err)
            until(lambda: live.http("/readyz", token=False)[0] == 200, "readyz: every account has had its first try")
            self.assertEqual(live.janus("buy", "AAPL", "1", account="webull_personal").code, 0)
            live.stop_server()
            live.start_server()
            self.assertEqual(live.janus("buy", "AAPL", "1", account="ib_main").code, 0)

    def test_ib_drops_the_line_and_is_connected_again(self):
        with Live() as live:
            live.start_server()
            live.fault("ib", "refuse_connect", count=2)
            live.fault("ib", "disconnect_all")
            until(lambda: live.account("ib_main")["state"] != "ready", "the lost line to be seen")
            self.assertEqual(live.account("webull_personal")["state"], "ready")
            live.wait_ready()

    def test_webull_500s_are_shown_and_healed_and_a_place_is_never_repeated(self):
        with Live() as live:
            live.start_server()
            live.fault("webull", "http_status", endpoint="place", status="500", when="after", count="1")
            placed = live.janus("buy", "AAPL", "1", "1.00", account="webull_personal")
            self.assertIn(placed.code, (0, 6), placed.err)
            order = placed.json
            until(lambda: live.order(order["id"])["state"] == "WORKING", "the order found in the broker's books")
            self.assertEqual(live.places(order["client_order_id"]), 1)
            live.fault("webull", "http_status", endpoint="*", status="500", when="before")
            until(lambda: live.account("webull_personal")["state"] == "degraded", "webull degraded", 120)
            self.assertEqual(live.account("ib_main")["state"], "ready")
            held = {key for key in live.positions() if key[0] == "webull_personal"}
            self.assertTrue(held, "a failed read is no empty account")
            live.fault("webull", "http_status", enabled=False)
            live.wait_ready()

    def test_a_refused_order_that_lives_is_found_in_the_books_also_after_a_crash(self):
        refusals = {"webull_second": [("webull", "refuse_taken", {"code": "PARAM_ERR"})],
                    "ib_main": [("ib", "drop_ack", {}), ("ib", "order_notice", {"code": 201, "text": "Order rejected"})]}
        with Live() as live:
            live.start_server()
            for account, crash in itertools.product(refusals, (False, True)):
                with self.subTest(account=account, crash=crash):
                    for target, fault, members in refusals[account]:
                        live.fault(target, fault, count=1, **members)
                    answer = live.janus("buy", "AAPL", "1", "1.00", account=account)
                    self.assertEqual((answer.code, answer.json["state"]), (5, "REJECTED"), answer.err)
                    if crash:
                        live.kill_server()
                        live.start_server()
                    number = answer.json["id"]
                    until(lambda number=number: live.order(number)["state"] == "WORKING", "the order, live again")
                    self.assertEqual(live.order(number)["flags"], ["found_after_refusal"])
                    self.assertEqual(live.places(answer.json["client_order_id"]), 1)
                    self.assertEqual(live.ask("cancel", number)["state"], "CANCELLED")

    def test_a_cancel_that_is_lost_leaves_the_order_as_its_broker_has_it(self):
        with Live() as live:
            live.start_server()
            order = live.ask("buy", "AAPL", "1", "1.00", account="webull_personal")["id"]
            until(lambda: live.order(order)["state"] == "WORKING", "the order at work")
            live.fault("webull", "certificate", flaw="unknown_ca")
            answer = live.janus("cancel", order)
            self.assertEqual(answer.code, 7, answer.out + answer.err)
            self.assertRegex(answer.err, r"was not sent: .*the certificate")
            self.assertEqual(live.order(order)["state"], "WORKING")
            live.fault("webull", "certificate", enabled=False)
            live.wait_ready()
            for crash in (False, True):
                live.fault("webull", "http_status", endpoint="cancel", status="502", when="before")
                lost = live.janus("cancel", order)
                self.assertEqual(lost.code, 6, lost.out + lost.err)
                if crash:
                    live.kill_server()
                    live.start_server()
                until(lambda: live.order(order)["state"] == "WORKING", "the order, alive as its broker shows it")
                live.fault("webull", "http_status", enabled=False)
            self.assertEqual(live.ask("cancel", order)["state"], "CANCELLED")

    def test_orders_that_wait_go_together_once_also_when_the_server_dies(self):
        for crash in (False, True):
            with self.subTest(crash=crash), WithBatches() as live:
                live.start_server()
                live.ask("harmony")
                live.fault("webull", "rate_limit", endpoint="place", retry_after=7, count=1)
                self.assertEqual(live.janus("buy", "AAPL", "1", "1.00", account="webull_second").code, 5)
                if crash:
                    live.fault("webull", "no_reply", endpoint="batch_place", when="after")
                clients = [subprocess.Popen(live.command("buy", "AAPL", number, "1.00", account="webull_second"),
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                           for number in (2, 3, 4, 5)]
                batches = until(lambda live=live: live.batches(4), "four orders in batches")
                if crash:
                    live.kill_server()
                    live.start_server()
                for client in clients:
                    client.wait()
                until(lambda live=live: sum(row["state"] == "WORKING" for row in live.orders()) == 4,
                      "all four at work")
                for order in live.orders():
                    self.assertEqual(live.places(order["client_order_id"]), 1, order)
                self.assertLess(len({row["raw"] for row in batches}), 4, "at least two went together")

    def test_a_stream_that_ends_at_once_backs_off_and_comes_back(self):
        with Live() as live:
            live.start_server()
            stream = live.stream()
            until(lambda: live.component(stream)["state"] == "live", "the stream live")
            live.fault("events", "stream_refuse", status="14")
            live.fault("events", "stream_end", status="0")
            until(lambda: live.component(stream)["state"] in ("backoff", "connecting"), "the stream in backoff")
            order = live.ask("buy", "AAPL", "1", account="webull_personal")
            until(lambda: live.order(order["id"])["state"] == "FILLED", "a fill seen without the stream", 20)
            live.fault("events", "stream_refuse", enabled=False)
            until(lambda: live.component(stream)["state"] == "live", "the stream live again")

    def test_a_fill_that_a_silent_stream_does_not_announce_is_known_within_15_seconds(self):
        with Live("--scenario", self.still_market()) as live:
            live.start_server()
            stream = live.stream()
            until(lambda: live.component(stream)["state"] == "live", "the stream live")
            live.ask("harmony")
            live.fault("events", "silent")
            for misses in (1, 2, 3):
                self.assertLess(self.seconds_until_known(live), 15)
                until(lambda misses=misses: live.counter("webull.stream_misses") == misses, f"miss {misses}")
            until(lambda: live.component(stream)["state"] == "silent", "the stream called silent")
            self.assertIn("changes that REST shows are not announced", live.component(stream)["detail"])
            self.assertLess(self.seconds_until_known(live), 15)
            live.fault("events", "silent", enabled=False)
            misses = live.counter("webull.stream_misses")
            for _ in range(3):
                self.seconds_until_known(live)
            until(lambda: live.component(stream)["state"] == "live", "the stream that has proved itself")
            self.assertEqual(live.counter("webull.stream_misses"), misses)

    def still_market(self):
        """A world whose prices move only when they are told to."""
        file = tempfile.NamedTemporaryFile("w", suffix=".toml")
        self.addCleanup(file.close)
        file.write("walk_ticks_max = 0\n")
        file.flush()
        return file.name

    def seconds_until_known(self, live):
        """From the execution at the broker until janusd has it, of an order that rested; by their own clock."""
        live.control("POST", "/market", {"symbol": "MSFT", "last": "400"})
        order = live.ask("buy", "MSFT", "1", "390", account="webull_personal")
        until(lambda: live.order(order["id"])["state"] == "WORKING", "the order at rest")
        live.control("POST", "/market", {"symbol": "MSFT", "last": "380"})
        until(lambda: live.order(order["id"])["state"] == "FILLED", "the fill")
        at_broker = live.state()["executions"][-1]["at"]
        known = next(row["at"] for row in live.ask("order", order["id"])["history"] if row["event"].startswith("filled"))
        return (datetime.fromisoformat(known) - datetime.fromisoformat(at_broker)).total_seconds()

    def test_without_the_database_known_symbols_trade_and_writes_are_refused(self):
        with Live() as live:
            live.start_server()
            sql(DATABASES, f"ALTER DATABASE {live.database} ALLOW_CONNECTIONS false")
            sql(DATABASES, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{live.database}'")
            until(lambda: not live.component("database")["ok"], "the lost database to be seen")
            self.assertEqual(live.janus("buy", "AAPL", "1", account="ib_main").code, 0)
            refused = live.janus("symbols", "map", "ZZZ", "--ib-conid", "1")
            self.assertEqual(refused.code, 7, refused.err)
            sql(DATABASES, f"ALTER DATABASE {live.database} ALLOW_CONNECTIONS true")
            until(lambda: live.component("database")["ok"], "the database back")
            self.assertEqual(live.janus("symbols", "map", "ZZZ", "--ib-conid", "1").code, 0)


class Stop(LiveTest):
    def test_sigterm_ends_within_ten_seconds_also_when_nobody_answers(self):
        with Live() as live:
            live.start_server()
            live.ask("ticks", "AAPL")
            watcher = live.spawn(*live.command("watch", "AAPL", form="--ndjson"), log="watch")
            self.assertEqual(live.stop_server(), 0)
            self.assertEqual(watcher.wait(10), 7)
            live.start_server()
            live.sim.send_signal(signal.SIGSTOP)
            live.spawn(*live.command("buy", "AAPL", "1", account="webull_personal"), log="buy")
            self.assertEqual(live.stop_server(), 0)

    def test_no_secret_is_in_anything_that_was_written(self):
        with Live() as live:
            live.start_server()
            live.ask("buy", "AAPL", "1", account="webull_personal")
            pages = "".join(live.http(path)[1] for path in ("/healthz", "/metrics"))
            self.assertEqual(live.http("/healthz", token=False)[0], 401)
            self.assertIn("janus_component_ok", pages)
            token = live.text("state/token").strip()
            self.assertEqual((live.home / "state" / "token").stat().st_mode & 0o777, 0o600)
            live.stop_server()
            written = live.text("janusd.err") + live.text("janusd.out") + pages
            for secret in ("demo-secret", "demo-key", token, "WBSIM0000000001"):
                self.assertNotIn(secret, written)


if __name__ == "__main__":
    unittest.main(verbosity=2)
