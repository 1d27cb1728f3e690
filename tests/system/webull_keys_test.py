#!/usr/bin/env python3
"""Two accounts on one Webull key and one on another: everything agrees in the end, and nothing secret was said.

Needs JANUS_BIN, JANUS_TEST_POSTGRES.
"""

import base64
import json
import os
import resource
import signal
import stat
import subprocess
import unittest
import urllib.parse
from decimal import Decimal

from canaries import files_below, leaks
from live import BIN, Live, LiveTest, sql, until
from tap import Tap
from terminal import Terminal

KEYS = {
    "key_one": ("ak6Tq0ZrV1mXw8Yb3N", "as/9Lk+2Pd7fHs4GtJc"),
    "key_two": ("ak2Wn5UxE7jRz4Cv8M", "as/3Bq+8Ky1nDa6FuPe"),
}
# The account that each key has, with the name in the configuration; none for the one that is not in it.
ACCOUNTS = (
    ("one_first", "key_one", "WBKQ7Z3MT0000041", "CVR40917"),
    ("one_second", "key_one", "WBKP5X8NS0000052", "CVT61803"),
    (None, "key_one", "WBKL2V6RD0000063", "CVU27182"),
    ("two", "key_two", "WBKH9C4FJ0000074", "CVW31415"),
)
IDS = {name: account_id for name, _, account_id, _ in ACCOUNTS if name}
STREAMS = ("stream one_first+one_second", "stream two")
LIMIT_AWAY = "1.00"


class WebullKeys(Live):
    """The programs with Webull alone, and a tap on each of its two lines."""

    accounts = tuple(IDS)
    environment = {f"JANUS_TEST_{name.upper()}_{part}": value
                   for name, values in KEYS.items() for part, value in zip(("KEY", "SECRET"), values)}

    def __init__(self):
        self.said = {}
        self.taps = ()
        super().__init__()

    def __exit__(self, *arguments):
        for tap in self.taps:
            tap.close()
        super().__exit__(*arguments)

    def start_sim(self):
        text = ["walk_ticks_max = 0\n"]
        text += [f'[[app_key]]\nkey = "{key}"\nsecret = "{secret}"\n' for key, secret in KEYS.values()]
        text += [f'[[account]]\nbroker = "webull"\nid = "{account_id}"\nnumber = "{number}"\n'
                 f'app_key = "{KEYS[key][0]}"\ncash = "100000"\n'
                 '[[account.holding]]\nsymbol = "AAPL"\nquantity = "10"\naverage_cost = "150"\n'
                 for _, key, account_id, number in ACCOUNTS]
        scenario = self.home / "scenario.toml"
        scenario.write_text("".join(text), encoding="utf-8")
        self.sim_arguments = ("--scenario", scenario)
        super().start_sim()
        self.taps = (Tap(self.ports["webull"], self.home / "tls"),
                     Tap(self.ports["webull_events"], self.home / "tls", ["h2"]))

    def configuration(self, ids=None, **_):
        text = [f'default_account = "two"\n[database]\nurl = "{self.url()}"\n[api]\ngrpc = "127.0.0.1:0"\n'
                f'http = "127.0.0.1:0"\n[state]\ndir = "{self.home}/state"\n[log]\nlevel = "trace"\n']
        for name, account_id in {**IDS, **(ids or {})}.items():
            key = next(key for other, key, _, _ in ACCOUNTS if other == name).upper()
            text.append(f'[[account]]\nname = "{name}"\nbroker = "webull"\naccount_id = "{account_id}"\n'
                        f'app_key = {{ env = "JANUS_TEST_{key}_KEY" }}\n'
                        f'app_secret = {{ env = "JANUS_TEST_{key}_SECRET" }}\n'
                        f'rest = "https://{self.taps[0].address}"\nevents = "https://{self.taps[1].address}"\n'
                        f'ca_file = "{self.home}/tls/ca.pem"\n')
        return "".join(text)

    def janus(self, *words, **options):
        """Also keeps what the client said, for the search at the end."""
        answer = super().janus(*words, **options)
        if "--ids" not in words:
            where = f"janus {' '.join(map(str, words))} #{len(self.said)}"
            self.said[where] = (answer.out + answer.err).encode()
        return answer

    def http(self, path, token=True):
        status, page = super().http(path, token)
        self.said[f"{path} #{len(self.said)}"] = page.encode()
        return status, page

    def tokens(self):
        """Maps the name of each token file to its text."""
        return {path.name: path.read_text(encoding="ascii").splitlines()[0]
                for path in (self.home / "state").glob("webull_token.*")}

    def components(self, start):
        return {row["name"]: row for row in self.ask("health")["components"] if row["name"].startswith(start)}

    def streams_live(self):
        streams = self.components("stream ")
        return tuple(sorted(streams)) == STREAMS and all(row["state"] == "live" for row in streams.values())

    def database_text(self):
        tables = sql(self.url(), "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM "
                                 "information_schema.tables WHERE table_schema NOT IN "
                                 "('pg_catalog', 'information_schema')").split()
        return "".join(sql(self.url(), f"SELECT to_json(row) FROM {table} AS row") for table in tables).encode()


class Keys(LiveTest):
    def test_a_day_of_two_keys_ends_with_equal_books_and_without_a_secret_in_sight(self):
        with WebullKeys() as live:
            secrets = {f"{part} of {name}": value for name, values in KEYS.items()
                       for part, value in zip(("app key", "app secret"), values)}
            secrets |= {f"middle of account {account_id[:3]}...{account_id[-2:]}": account_id[3:-2]
                        for _, _, account_id, _ in ACCOUNTS}
            secrets |= {f"account number {number[:3]}...": number for _, _, _, number in ACCOUNTS}
            self.an_account_that_the_key_has_not_is_said_clearly(live)
            first = self.a_person_confirms_the_tokens(live)
            self.accounts_of_the_keys_are_listed(live)
            self.orders_on_all_accounts(live)
            self.streams_come_back(live)
            self.throttled_reads_are_repeated_and_a_throttled_place_is_not(live)
            self.tokens_survive_a_restart(live, first)
            second = self.a_token_that_is_refused_is_replaced(live, first)
            self.books_are_equal(live)
            for number, text in enumerate([*first.values(), *second.values()]):
                secrets[f"token {number}"] = text
            for number, text in enumerate(sorted(live.taps[0].signatures() | live.taps[1].signatures())):
                secrets[f"signature {number}"] = text
            self.assertTrue(live.taps[1].signatures(), "the signatures of the streams were seen")
            self.assertGreater(len(live.taps[0].signatures()), 50)
            self.look_everywhere(live)
            self.look_at_every_panel(live)
            self.the_configuration_is_shown_without_its_secrets(live)
            self.a_crash_leaves_nothing(live)
            self.assertEqual(self.nothing_secret_was_said(live, secrets), [])

    # ---- the steps ----

    def an_account_that_the_key_has_not_is_said_clearly(self, live):
        live.start_server(ready=False, ids={"two": "WBKX1Y2Z30000099"})
        live.wait_ready(("one_first", "one_second"))
        reason = until(lambda: live.account("two")["state"] == "needs_operator" and live.account("two")["reason"],
                       "the complaint about account two")
        self.assertIn("unknown_account: WBK...99 is not an account of this app key, which has: WBK...74", reason)
        health = live.component("account two")
        self.assertFalse(health["ok"])
        self.assertEqual(health["detail"], reason)
        listed = live.ask("accounts")["unconfigured"]
        self.assertEqual([(row["login"], row["account_id"]) for row in listed],
                         [("one_first+one_second", "WBK...63"), ("two", "WBK...74")])
        self.assertEqual(live.stop_server(), 0)
        self.assertFalse(live.tokens(), "nobody has asked for tokens")

    def a_person_confirms_the_tokens(self, live):
        live.fault("webull", "token_state", state="PENDING", new_state="PENDING", checks=0)
        live.start_server(ready=False)
        for name in IDS:
            until(lambda name=name: live.account(name)["reason"].startswith("webull_2fa: open the Webull app"),
                  f"{name} waiting for a person")
        self.assertFalse(live.tokens(), "what nobody has confirmed is not kept")
        live.fault("webull", "token_state", state="NORMAL", new_state="PENDING", checks=0)
        live.wait_ready()
        kept = until(lambda: len(live.tokens()) == len(KEYS) and live.tokens(), "the token files")
        for name in kept:
            mode = stat.S_IMODE((live.home / "state" / name).stat().st_mode)
            self.assertEqual(mode, 0o600, name)
        self.assertEqual({row["state"] for row in live.components("token ").values()}, {"normal"})
        return kept

    def accounts_of_the_keys_are_listed(self, live):
        masked = [{"broker": "webull", "login": "one_first+one_second", "account_id": "WBK...63"}]
        self.assertEqual([{**row, "label": ""} for row in live.ask("accounts")["unconfigured"]],
                         [{**row, "label": ""} for row in masked])
        shown = live.janus("accounts", form="--no-color")
        self.assertRegex(shown.out, r"webull +not_configured +account_id WBK\.\.\.63")
        self.assertIn("janus accounts --ids", shown.err)
        whole = live.ask("accounts", "--ids")["unconfigured"]
        self.assertEqual([row["account_id"] for row in whole], [ACCOUNTS[2][2]])

    def orders_on_all_accounts(self, live):
        until(live.streams_live, "one live stream for each key")
        self.assertEqual(live.taps[1].open, len(KEYS), "one stream for each key, however many accounts it has")
        live.ask("harmony")
        for name in IDS:
            bought = live.ask("buy", "MSFT", "3", account=name)
            until(lambda bought=bought: live.order(bought["id"])["state"] == "FILLED", f"the fill of {name}")
            live.ask("buy", "F", "5", LIMIT_AWAY, account=name)
            cancelled = live.ask("buy", "AAPL", "1", LIMIT_AWAY, account=name)
            self.assertEqual(live.ask("cancel", cancelled["id"])["state"], "CANCELLED")
        external = {"account": IDS["one_second"], "symbol": "SPY", "side": "BUY", "quantity": "2"}
        live.control("POST", "/external-order", external)
        until(lambda: [row for row in live.orders() if row["external"] and row["state"] == "FILLED"],
              "the order from the broker's own app")

    def streams_come_back(self, live):
        before = live.counter("webull.stream_expired")
        live.fault("events", "subscribe_expired")
        until(lambda: live.counter("webull.stream_expired") == before + len(KEYS) and live.streams_live(),
              "new subscriptions after the old ones have expired")
        live.fault("events", "stream_end", status=14)
        until(lambda: live.counter("webull.stream_ends") >= len(KEYS) and live.streams_live(), "streams after their end")
        renewals = live.counter("webull.token_renewals")
        live.fault("events", "auth_error")
        until(lambda: live.counter("webull.token_renewals") == renewals + len(KEYS) and live.streams_live(),
              "streams after their tokens were renewed")
        until(lambda: live.taps[1].open == len(KEYS), "an end of the old streams")
        # Without streams nothing is missed: the lists are read.
        live.fault("events", "num_of_conn_exceed")
        until(lambda: all("too many event streams" in row["detail"] for row in live.components("stream ").values()),
              "streams that wait")
        orders = [live.ask("buy", "QQQ", "1", account=name)["id"] for name in IDS]
        until(lambda: all(live.order(order)["state"] == "FILLED" for order in orders), "the fills, by REST")
        self.assertFalse(live.streams_live())

    def throttled_reads_are_repeated_and_a_throttled_place_is_not(self, live):
        before = live.counter("webull.throttled")
        live.fault("webull", "rate_limit", retry_after=1, count=6)
        for name in IDS:
            until(lambda name=name: live.janus("sync", name).code == 0, f"the lists of {name}")
        until(lambda: live.counter("webull.throttled") >= before + 6, "six replies with status 429")
        live.fault("webull", "rate_limit", endpoint="place", count=1)
        answer = live.janus("buy", "MSFT", "1", LIMIT_AWAY, account="two")
        self.assertEqual(answer.code, 5, answer.out + answer.err)
        self.assertIn("TOO_MANY_REQUESTS", answer.json["note"])
        self.assertEqual(live.places(answer.json["client_order_id"]), 1)

    def tokens_survive_a_restart(self, live, first):
        live.fault("webull", "token_state", state="NORMAL", new_state="PENDING", checks=0)
        self.assertEqual(live.stop_server(), 0)
        live.start_server()
        self.assertEqual(live.tokens(), first, "a new one would wait for a person for ever")
        until(live.streams_live, "the streams after the restart")

    def a_token_that_is_refused_is_replaced(self, live, first):
        live.kill_server()
        live.fault("webull", "token_state", state="INVALID", new_state="NORMAL")
        live.start_server()
        fresh = until(lambda: len(set(live.tokens().values()) - set(first.values())) == len(KEYS) and live.tokens(),
                      "new tokens in place of the refused ones")
        self.assertEqual(set(fresh), set(first), "the files have the names of their keys")
        until(live.streams_live, "the streams with the new tokens")
        return fresh

    def books_are_equal(self, live):
        live.ask("buy", "MSFT", "1", account="one_first")
        names = {account_id: name for name, account_id in IDS.items()}

        def equal():
            state = live.state()
            theirs = {row["reference"]: (names[row["account"]], row["symbol"], row["state"], Decimal(row["filled"]))
                      for row in state["orders"] if row["reference"]}
            ours = {row["client_order_id"]: (row["account"], row["symbol"], row["state"], Decimal(row["filled"]))
                    for row in live.orders() if not row["external"] and live.places(row["client_order_id"])}
            ours = {key: row for key, row in ours.items() if key in theirs or row[2] != "REJECTED"}
            held = {(names[row["account"]], row["symbol"]): Decimal(row["quantity"])
                    for row in state["positions"] if row["account"] in names}
            cash = {names[row["account"]]: Decimal(row["cash"]) for row in state["balances"] if row["account"] in names}
            shown = {row["account"]: Decimal(row["cash"]) for row in live.ask("balances", account="all")["balances"]}
            traded = [(names[row["account"]], row["symbol"], Decimal(row["quantity"])) for row in state["executions"]]
            booked = [(row["account"], row["symbol"], Decimal(row["quantity"]))
                      for row in live.ask("executions", account="all")["executions"]]
            return (theirs, held, cash, sums(traded)) == (ours, live.positions(), shown, sums(booked)) and len(ours)
        self.assertEqual(until(equal, "books that equal the broker's"), 13)
        references = [row["client_order_id"] for row in live.orders() if not row["external"]]
        self.assertTrue(all(live.places(reference) == 1 for reference in references), "each was sent once")

    def look_everywhere(self, live):
        """Asks for everything that janus can show."""
        for words in (("accounts",), ("health",), ("log",), ("orders", "--all"), ("executions",), ("positions",),
                      ("balances",), ("portfolio",), ("symbols", "list"), ("symbols", "history", "MSFT"),
                      ("order", "1"), ("sync",)):
            account = "all" if words[0] in ("orders", "executions", "positions", "balances") else None
            for form in ("--json", "--csv", "--no-color"):
                self.assertEqual(live.janus(*words, account=account, form=form).code, 0, words)
        for path in ("/livez", "/readyz", "/healthz", "/metrics", "/nowhere"):
            live.http(path)
        wrong = live.janus("accounts", account="nobody")
        self.assertTrue(wrong.out or wrong.err)

    def look_at_every_panel(self, live):
        """The full-screen terminal: what it shows, and every byte that it writes."""
        panels = (("F2", "Positions"), ("F3", "Open orders ("), ("F4", "BID"), ("F5", "account gate"), ("F1", "F2 positions"))
        commands = (("accounts", "WBK...63"), ("health", "journal"), ("orders --all", "FILLED"), ("positions", "AAPL"),
                    ("executions", "QQQ"), ("balances", "USD"), ("symbols list", "MSFT"), ("order 1", "placed by local"))
        with Terminal(live.command(form="--no-color"), 250, 70, record=live.home / "screen.bytes") as screen:
            def shows(name, wanted, after=""):
                def look():
                    text = screen.text()
                    return wanted in text[text.find(after):] and text
                live.said[f"screen {name}"] = until(look, f"{wanted} of {name}").encode()
            shows("at first", "two")
            for key, title in panels:
                screen.type(key)
                shows(key, title)
                screen.type(key)
            screen.type("F5")
            for command, wanted in commands:
                screen.type(command, "Enter")
                shows(command, wanted, after=f"> {command}")
            screen.type("quit", "Enter")
            until(screen.is_over, "the end of the screen")

    def the_configuration_is_shown_without_its_secrets(self, live):
        shown = subprocess.run([BIN / "janusd", "--config", live.home / "janusd.toml", "--print-config"],
                               capture_output=True, check=True, env={**os.environ, **live.environment}).stdout
        self.assertIn(b"JANUS_TEST_KEY_ONE_SECRET", shown, "named, not told")
        pairs = {f"{part} of {name}": value for name, values in KEYS.items() for part, value in enumerate(values)}
        self.assertEqual(list(leaks(pairs, {"--print-config": shown})), [])

    def a_crash_leaves_nothing(self, live):
        """SIGABRT, with leave to dump as much as it likes."""
        live.stop_server()
        folder = live.home / "crash"
        folder.mkdir()
        soft = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (soft[1], soft[1]))
        before = os.getcwd()
        os.chdir(folder)
        try:
            live.start_server()
        finally:
            os.chdir(before)
            resource.setrlimit(resource.RLIMIT_CORE, soft)
        live.server.send_signal(signal.SIGABRT)
        _, status = os.waitpid(live.server.pid, 0)
        live.server.returncode = -os.WTERMSIG(status)
        self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
        self.assertFalse(os.WCOREDUMP(status), "a dump would hold every secret")

    def nothing_secret_was_said(self, live, secrets):
        tokens = [f"state/{name}" for name in live.tokens()]
        api_token = live.text("state/token").strip()
        texts = files_below(live.home, without=("tls", "scenario.toml", "janusd.toml", *tokens))
        self.assertIn("state/journal.db", texts)
        self.assertGreater(len(texts["janusd.err"]), 10_000)
        self.assertGreater(len(texts["screen.bytes"]), 10_000)
        texts |= live.said
        texts["database"] = live.database_text()
        found = list(leaks(secrets, texts))
        del texts["state/token"]
        return found + list(leaks({"token of the API": api_token}, texts))


def sums(rows):
    """Adds up quantities by account and symbol."""
    total = {}
    for account, symbol, quantity in rows:
        total[account, symbol] = total.get((account, symbol), 0) + quantity
    return total


class Canaries(unittest.TestCase):
    """The search itself finds what it is there for."""

    def test_a_planted_secret_is_found_in_each_of_its_disguises(self):
        secret = "as/9Lk+2Pd7fHs4GtJc"
        disguises = [secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret),
                     secret.encode().hex(), json.dumps({"a": secret}), secret.replace("/", "\\/")]
        disguises += [base64.b64encode(("x" * n + secret + "yy").encode()).decode() for n in range(6)]
        disguises += [base64.urlsafe_b64encode(("x" * n + secret).encode()).decode() for n in range(3)]
        for text in disguises:
            with self.subTest(text):
                planted = {"clean": b"nothing here", "dirty": f"before {text} after".encode()}
                self.assertEqual(list(leaks({"secret": secret}, planted)), [("dirty", "secret")])

    def test_what_is_masked_is_no_leak(self):
        self.assertEqual(list(leaks({"middle": IDS["two"][3:-2]}, {"log": b"account WBK...74 is ready"})), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
