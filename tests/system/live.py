"""The real programs together, for tests: PostgreSQL, janus-sim, janusd and the client, on ports of their own."""

import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
import uuid
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("JANUS_BIN", ROOT / "build" / "release" / "bin"))
DATABASES = os.environ.get("JANUS_TEST_POSTGRES", "")
PATIENCE = 60.0
WEBULL_IDS = {"webull_personal": "WBSIM0000000001", "webull_second": "WBSIM0000000002"}
IB_CODES = {"ib_main": "DU1000001", "ib_second": "DU1000002"}
BROKER_IDS = {**WEBULL_IDS, **IB_CODES}
ACCOUNTS = ("ib_main", "ib_second", "webull_personal", "webull_second")


def until(look, what, patience=PATIENCE):
    """Repeats a look until it returns something true; what it last saw is part of the complaint."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {patience:.0f} s; last seen: {found}")
        time.sleep(0.05)


def sql(url, statement):
    """Runs one statement through psql and returns what it prints."""
    done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url], capture_output=True,
                          text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise AssertionError(f"psql: {done.stderr.strip()}")
    return done.stdout.strip()


class Answer:
    """What the client printed, and how it ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)


class Live:
    """One world of programs in a temporary folder. Leaves nothing running."""

    accounts = ACCOUNTS
    environment = {"JANUS_TEST_KEY": "demo-key", "JANUS_TEST_SECRET": "demo-secret"}

    def __init__(self, *sim_arguments):
        self.folder = tempfile.TemporaryDirectory(prefix="janus-live-")
        self.home = Path(self.folder.name)
        self.sim_arguments = sim_arguments
        self.processes = []
        self.server = None
        self.database = f"live_{uuid.uuid4().hex[:12]}"
        sql(DATABASES, f"CREATE DATABASE {self.database}")
        self.start_sim()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        sql(DATABASES, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self.folder.cleanup()

    def spawn(self, *command, log):
        out = (self.home / f"{log}.out").open("ab")
        err = (self.home / f"{log}.err").open("ab")
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err, stdin=subprocess.DEVNULL,
                                   env={**os.environ, **self.environment})
        out.close()
        err.close()
        self.processes.append(process)
        return process

    def text(self, log):
        return (self.home / log).read_text(encoding="utf-8", errors="replace")

    # ---- the brokers ----

    def start_sim(self):
        everywhere = ["--ib", "127.0.0.1:0", "--webull", "127.0.0.1:0", "--webull-events", "127.0.0.1:0",
                      "--control", "127.0.0.1:0", "--tls-dir", self.home / "tls"]
        self.sim = self.spawn(BIN / "janus-sim", *everywhere, *self.sim_arguments, log="sim")
        line = until(lambda: [row for row in self.text("sim.out").splitlines() if row.startswith("janus-sim ready ")],
                     "the ready line of janus-sim")[-1]
        self.ports = {word.split("=")[0]: word.split("=")[1] for word in line.split()[2:]}

    def control(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.ports["control"], timeout=20)
        connection.request(method, path, None if body is None else json.dumps(body))
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        connection.close()
        if reply.status >= 300:
            raise AssertionError(f"{path}: {answer}")
        return answer

    def state(self):
        return self.control("GET", "/state")

    def places(self, reference):
        """How often a new order with this reference has reached a broker."""
        rows = self.control("GET", "/ledger")["ledger"]
        return sum(1 for row in rows if row["kind"] == "place" and row["reference"] == reference)

    def fault(self, target, fault, **members):
        self.control("POST", "/faults", {"target": target, "fault": fault, **members})

    # ---- janusd ----

    def url(self):
        return DATABASES.replace("postgresql:///janus", f"postgresql:///{self.database}", 1)

    def configuration(self, **other):
        """The configuration as a text; `other` replaces parts of it."""
        parts = {"url": self.url(), "ib_port": self.ports["ib"].rsplit(":", 1)[1], "rest": self.ports["webull"],
                 "events": self.ports["webull_events"], "extra": "", **other}
        text = [f'default_account = "ib_main"\n[database]\nurl = "{parts["url"]}"\n[api]\ngrpc = "127.0.0.1:0"\n'
                f'http = "127.0.0.1:0"\n[state]\ndir = "{self.home}/state"\n[log]\nlevel = "debug"\n{parts["extra"]}\n']
        for name, code in IB_CODES.items():
            text.append(f'[[account]]\nname = "{name}"\nbroker = "ib"\nport = {parts["ib_port"]}\nclient_id = 11\n'
                        f'account = "{code}"\n')
        for name, code in WEBULL_IDS.items():
            text.append(f'[[account]]\nname = "{name}"\nbroker = "webull"\napp_key = {{ env = "JANUS_TEST_KEY" }}\n'
                        f'app_secret = {{ env = "JANUS_TEST_SECRET" }}\naccount_id = "{code}"\n'
                        f'rest = "https://{parts["rest"]}"\nevents = "https://{parts["events"]}"\n'
                        f'ca_file = "{self.home}/tls/ca.pem"\n')
        return "".join(text)

    def launch_server(self, name="janusd", **other):
        config = self.home / f"{name}.toml"
        config.write_text(self.configuration(**other), encoding="utf-8")
        return self.spawn(BIN / "janusd", "--config", config, log=name)

    def start_server(self, ready=True, **other):
        before = self.text("janusd.out").count("janusd ready") if (self.home / "janusd.out").exists() else 0
        self.server = self.launch_server(**other)

        def look():
            if self.server.poll() is not None:
                raise AssertionError(f"janusd ended with {self.server.returncode}: {self.text('janusd.err')[-2000:]}")
            up = (self.home / "state" / "ports.json").exists() and self.janus("health").code == 0
            return up and (not ready or self.text("janusd.out").count("janusd ready") > before)
        until(look, "janusd ready")
        if ready:
            self.wait_ready()

    def wait_ready(self, accounts=()):
        wanted = accounts or self.accounts
        until(lambda: all(self.account(name)["state"] == "ready" for name in wanted), f"{wanted} ready")

    def kill_server(self):
        self.server.kill()
        self.server.wait()
        (self.home / "state" / "ports.json").unlink(missing_ok=True)

    def stop_server(self, patience=10.0):
        """Asks janusd to stop and returns its exit code; it has the time that the contract gives it."""
        self.server.send_signal(signal.SIGTERM)
        return self.server.wait(patience)

    def http(self, path, token=True):
        ports = json.loads(self.text("state/ports.json"))
        connection = http.client.HTTPConnection(ports["http"][0], timeout=10)
        headers = {"Authorization": "Bearer " + self.text("state/token").strip()} if token else {}
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        body = reply.read().decode()
        connection.close()
        return reply.status, body

    def counter(self, name):
        """One of the counters of the metrics; 0 before it has counted."""
        found = re.search(rf'^janus_events_total{{name="{re.escape(name)}"}} (\d+)', self.http("/metrics")[1], re.M)
        return int(found[1]) if found else 0

    # ---- the client ----

    def command(self, *words, account=None, form="--json"):
        chosen = ["--account", account] if account else []
        return [str(BIN / "janus"), "--state", str(self.home / "state"), form, *chosen, *map(str, words)]

    def janus(self, *words, account=None, form="--json"):
        return Answer(subprocess.run(self.command(*words, account=account, form=form), capture_output=True, text=True,
                                     check=False, stdin=subprocess.DEVNULL, timeout=90))

    def ask(self, *words, account=None):
        """The JSON of a command that must succeed."""
        answer = self.janus(*words, account=account)
        if answer.code != 0:
            raise AssertionError(f"janus {words} ended with {answer.code}: {answer.err}")
        return answer.json

    def account(self, name):
        answer = self.janus("accounts")
        rows = answer.json["accounts"] if answer.code == 0 else []
        return next((row for row in rows if row["name"] == name), {"state": "", "reason": answer.err})

    def component(self, name):
        return next((row for row in self.ask("health")["components"] if row["name"] == name), None)

    def stream(self):
        """The name of the event stream's component."""
        return next(row["name"] for row in self.ask("health")["components"] if row["name"].startswith("stream "))

    def orders(self):
        return self.ask("orders", "--all")["orders"]

    def order(self, number):
        return self.ask("order", number)["order"]

    def positions(self):
        """A dict (account, symbol) -> quantity."""
        rows = self.ask("positions", account="all")["positions"]
        return {(row["account"], row["symbol"]): Decimal(row["quantity"]) for row in rows}


class LiveTest(unittest.TestCase):
    """A test with the real programs."""

    def setUp(self):
        if not DATABASES:
            self.fail("JANUS_TEST_POSTGRES is not set; run ./test NAME")
