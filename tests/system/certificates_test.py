#!/usr/bin/env python3
"""A broker whose certificate is bad is told nothing, and the person is told why (needs JANUS_BIN, JANUS_TEST_POSTGRES)."""

import os
import re
import subprocess
import unittest

from live import BIN, WEBULL_IDS, Live, LiveTest, until

FLAWS = {
    "expired": r"the certificate expired on \d{4}-\d\d-\d\dT\S+; is the clock of this machine right\?",
    "not_yet_valid": r"the certificate is not valid before \d{4}-\d\d-\d\dT\S+; is the clock of this machine right\?",
    "wrong_name": r"the certificate is for elsewhere\.example, not for 127\.0\.0\.1",
    "unknown_ca": r"the certificate is from 'Some other authority', which is not trusted here: .* ca_file",
}
STREAM = "stream " + "+".join(WEBULL_IDS)


class BadCertificates(LiveTest):
    def test_nothing_is_sent_and_the_reason_is_said_until_it_is_mended(self):
        with Live() as live:
            for flaw, sentence in FLAWS.items():
                with self.subTest(flaw):
                    self.nobody_connects(live, flaw, sentence)
                    self.the_stream_alone_is_missing(live, sentence)
                    self.an_order_is_not_sent(live, flaw, sentence)
                    if flaw != list(FLAWS)[-1]:
                        live.kill_server()
            self.it_heals(live)
            self.assertNotRegex(live.text("janusd.err"), "(?m)^E[0-9]{4} ", "lines of gRPC's own among those of the log")

    def nobody_connects(self, live, flaw, sentence):
        live.fault("webull", "certificate", flaw=flaw)
        live.fault("events", "certificate", flaw=flaw)
        live.start_server(ready=False)
        for name in WEBULL_IDS:
            until(lambda name=name: re.search(sentence, live.account(name)["reason"]), f"the reason at {name}")
            self.assertNotEqual(live.account(name)["state"], "ready")
            self.assertRegex(live.component(f"account {name}")["detail"], sentence)
        live.wait_ready(("ib_main", "ib_second"))

    def the_stream_alone_is_missing(self, live, sentence):
        live.fault("webull", "certificate", enabled=False)
        live.wait_ready()
        detail = until(lambda: re.search(sentence, live.component(STREAM)["detail"]), "the reason at the stream")
        self.assertIn("stream cannot be opened: ", detail.string)
        self.assertFalse(live.component(STREAM)["ok"])
        bought = live.ask("buy", "MSFT", "1", account="webull_personal")
        until(lambda: live.order(bought["id"])["state"] == "FILLED", "the fill, by REST")

    def an_order_is_not_sent(self, live, flaw, sentence):
        before = live.control("GET", "/ledger")["ledger"]
        live.fault("webull", "certificate", flaw=flaw)
        answer = live.janus("buy", "MSFT", "1", account="webull_personal")
        self.assertEqual(answer.code, 7, answer.out + answer.err)
        self.assertEqual(answer.json["state"], "NOT_SENT")
        self.assertRegex(answer.json["note"], sentence)
        self.assertEqual(live.control("GET", "/ledger")["ledger"], before)

    def it_heals(self, live):
        for target in ("webull", "events"):
            live.fault(target, "certificate", enabled=False)
        until(lambda: all(row["ok"] for row in live.ask("health")["components"]), "health", 90)
        bought = live.ask("buy", "MSFT", "1", account="webull_personal")
        until(lambda: live.order(bought["id"])["state"] == "FILLED", "the fill after all")


class TrustAnchors(LiveTest):
    def test_a_ca_file_that_cannot_be_used_is_exit_code_3_and_says_so(self):
        with Live() as live:
            files = {"missing.pem": (None, "cannot be read"), "empty.pem": ("", "is empty"),
                     "folder": (None, "is a folder"), "key.pem": ("-----BEGIN PRIVATE KEY-----\n", "no certificate")}
            (live.home / "folder").mkdir()
            for name, (text, complaint) in files.items():
                if text is not None:
                    (live.home / name).write_text(text, encoding="ascii")
                config = live.home / "bad.toml"
                config.write_text(live.configuration().replace("tls/ca.pem", name), encoding="utf-8")
                for words in ((), ("--check-config",)):
                    done = subprocess.run([BIN / "janusd", "--config", config, *words], capture_output=True, text=True,
                                          check=False, timeout=60, env={**os.environ, **live.environment})
                    self.assertEqual(done.returncode, 3, done.stderr)
                    self.assertRegex(done.stderr, rf"account webull_personal: ca_file.*{name}' .*{complaint}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
