#!/usr/bin/env python3
"""Does the whole main job of Janus once, through the client `janus` alone, and checks each step.

    smoke.py JANUS STATE_DIR CONTROL_ADDRESS

Prints one numbered line for each step; ends with 1 and a sentence at the first that does not hold.
"""

import json
import subprocess
import sys
import time
import urllib.request
from decimal import Decimal

ACCOUNTS = ("ib_main", "ib_second", "webull_personal", "webull_second")
READY_SECONDS_MAX = 60
ORDER_SECONDS_MAX = 30


class StepFailed(Exception):
    """A step did not hold; the text says what was seen instead."""


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def get(message, name, default=""):
    """Returns a field of a message, whichever of JSON's two spellings of the name is used."""
    return message.get(name, message.get(camel(name), default))


class Client:
    """The program `janus`, asked for JSON."""

    def __init__(self, program, state):
        self.start = [program, "--state", state, "--json"]

    def ask(self, *words, account=None, codes=(0,)):
        """Returns the document that a command prints; it must end with one of these exit codes."""
        chosen = ["--account", account] if account else []
        done = subprocess.run([*self.start, *chosen, *words], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=120)
        if done.returncode not in codes:
            said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
            raise StepFailed(f"`janus {' '.join(words)}` ended with code {done.returncode}: {said}")
        return json.loads(done.stdout)

    def list(self, name, *words, account=None):
        return get(self.ask(*words, account=account), name, [])


def until(seconds_max, look, what):
    """Repeats a look until it returns something; what it last saw is part of the complaint."""
    deadline = time.monotonic() + seconds_max
    while True:
        found, seen = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise StepFailed(f"{what} within {seconds_max} s; last seen: {seen}")
        time.sleep(0.25)


def expect(condition, sentence):
    if not condition:
        raise StepFailed(sentence)


def wait_for_accounts(client):
    def look():
        states = {get(row, "name"): get(row, "state") for row in client.list("accounts", "accounts")}
        return all(states.get(name) == "ready" for name in ACCOUNTS), states
    until(READY_SECONDS_MAX, look, "not every account was ready")
    return f"{len(ACCOUNTS)} accounts are ready: {', '.join(ACCOUNTS)}"


def positions(client):
    """Returns a dict (account, symbol) -> quantity."""
    rows = client.list("positions", "positions", account="all")
    return {(get(row, "account"), get(row, "symbol")): Decimal(get(row, "quantity", "0")) for row in rows}


def load_holdings(client):
    def look():
        held = positions(client)
        return held if {account for account, _ in held} >= set(ACCOUNTS) else None, sorted(held)
    held = until(READY_SECONDS_MAX, look, "not every account showed its holdings")
    return f"{len(held)} positions are loaded from {len(ACCOUNTS)} accounts"


def registry(client):
    return {get(row, "canonical_symbol"): row for row in client.list("symbols", "symbols", "list")}


def fill_registry(client):
    def look():
        apple = registry(client).get("AAPL", {})
        return get(apple, "ib_conid") and get(apple, "webull_ticker"), apple
    until(READY_SECONDS_MAX, look, "AAPL, held at both brokers, did not get both its names")
    return f"the registry has filled itself with {len(registry(client))} symbols from the holdings"


def run_harmony(client):
    report = client.ask("harmony")
    rows = get(report, "summaries", [])
    expect({get(row, "broker") for row in rows} == {"ib", "webull"}, f"harmony told of {rows}")
    expect(all(int(get(row, "failed", 0)) == 0 for row in rows), f"harmony could not ask: {rows}")
    microsoft = registry(client).get("MSFT", {})
    expect(get(microsoft, "ib_conid") and get(microsoft, "webull_ticker"),
           f"MSFT has no name at one broker after harmony: {microsoft}")
    ambiguous = [get(item, "symbol") for item in get(report, "items", [])
                 if get(item, "outcome") == "ambiguous"]
    expect("AMBX" in ambiguous, f"AMBX should be ambiguous, but these are: {ambiguous}")
    parts = [f"{get(row, 'broker')} {get(row, 'filled', 0)} filled, {get(row, 'missing', 0)} missing, "
             f"{get(row, 'ambiguous', 0)} ambiguous" for row in rows]
    return f"harmony: {'; '.join(parts)}"


def subscribe(client):
    rows = client.list("quotes", "ticks", "AAPL", "MSFT")
    names = {get(row, "symbol") for row in rows if get(row, "subscribed", False)}
    expect(names >= {"AAPL", "MSFT"}, f"ticks of AAPL and MSFT were asked for, subscribed are {names}")
    return "prices of AAPL and MSFT are subscribed"


def see_quote(client):
    def look():
        rows = client.list("quotes", "quote", "AAPL")
        live = rows and get(rows[0], "quality") == "live" and get(rows[0], "last")
        return rows[0] if live and get(rows[0], "bid") and get(rows[0], "ask") else None, rows
    row = until(READY_SECONDS_MAX, look, "no live quote of AAPL came")
    return f"AAPL {get(row, 'bid')} / {get(row, 'ask')}, last {get(row, 'last')}, {get(row, 'quality')}"


def buy(client, account):
    """Buys one AAPL and waits for the fill and for the position that it makes."""
    before = positions(client).get((account, "AAPL"), Decimal(0))
    # 6: no answer of the broker yet. Then it is the fill below that counts.
    order = client.ask("buy", "AAPL", "1", "--yes", account=account, codes=(0, 6))
    number = str(get(order, "id"))

    def look_at_order():
        now = client.ask("order", number)
        row = get(now, "order", now)
        return row if get(row, "state") == "FILLED" else None, get(row, "state")

    filled = until(ORDER_SECONDS_MAX, look_at_order, f"order {number} was not filled")
    expect(Decimal(get(filled, "filled")) == 1, f"order {number} filled {get(filled, 'filled')} of 1")

    def look_at_position():
        now = positions(client).get((account, "AAPL"), Decimal(0))
        return now == before + 1, now

    until(ORDER_SECONDS_MAX, look_at_position, f"the position did not grow from {before} by one")
    return (f"bought 1 AAPL in {account} at {get(filled, 'average_price')}: order {number} is filled, "
            f"position {before} -> {before + 1}", get(filled, "client_order_id"))


def sent_once(control, reference):
    """Checks the brokers' own ledger: the order's reference has reached them exactly once."""
    with urllib.request.urlopen(f"http://{control}/ledger", timeout=10) as answer:
        entries = json.loads(answer.read())["ledger"]
    places = [entry for entry in entries if entry["kind"] == "place" and entry["reference"] == reference]
    expect(reference and len(places) == 1,
           f"client order id '{reference}' reached the broker {len(places)} times")


def see_portfolio(client):
    document = client.ask("portfolio")
    row = next((row for row in get(document, "rows", []) if get(row, "symbol") == "AAPL"), None)
    expect(row is not None, "the portfolio has no row for AAPL")
    parts = {get(part, "account"): get(part, "valuation", {}) for part in get(row, "parts", [])}
    expect({"ib_main", "webull_personal"} <= set(parts), f"AAPL is shown in {sorted(parts)} only")
    value = parts["webull_personal"]
    for name in ("price", "market_value", "source", "quality"):
        expect(get(value, name), f"AAPL at Webull is shown without its {name}: {value}")
    expect(get(value, "derived", False), f"AAPL at Webull is not marked as derived: {value}")
    expect("age_seconds" in value or "ageSeconds" in value, f"AAPL at Webull hides its age: {value}")
    return (f"AAPL over {len(parts)} accounts: {get(row, 'quantity')} worth "
            f"{get(get(row, 'valuation', {}), 'market_value')} (derived from {get(value, 'source')}, "
            f"{get(value, 'quality')})")


def steps(client, control):
    """Yields the sentence of each step once it has held."""
    yield wait_for_accounts(client)
    yield load_holdings(client)
    yield fill_registry(client)
    yield run_harmony(client)
    yield subscribe(client)
    yield see_quote(client)
    for account in ("ib_main", "webull_personal"):
        sentence, reference = buy(client, account)
        sent_once(control, reference)
        yield sentence
    yield see_portfolio(client)


def main(arguments):
    if len(arguments) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    client = Client(arguments[0], arguments[1])
    number = 0
    try:
        for number, sentence in enumerate(steps(client, arguments[2]), 1):
            print(f"{number}. {sentence}", flush=True)
    except (StepFailed, subprocess.TimeoutExpired, ValueError, OSError) as problem:
        print(f"smoke: step {number + 1} did not hold: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
