#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets: tests/fuzz/corpus/<target>/, small texts made by ourselves.

The seeds of the text decoder are IB's messages as tests/transcript/ib_messages.txt describes them, at
three server versions; those of the others stand below. Run it after a message has got a layout.
"""

import re
import shlex
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAYOUTS = HERE.parent / "transcript" / "ib_messages.txt"
VERSIONS = (176, 193, 200)
UNSET = "1.7976931348623157E308"

WEBULL_BODIES = (
    '{"account_id":"A1","currency":"USD","total_cash_balance":"1000.25","positions":[]}',
    '[{"client_order_id":"ref1","symbol":"AAPL","side":"BUY","qty":"10","limit_price":"180.5","status":"FILLED"}]',
    '{"error_code":"INVALID_TOKEN","message":"caf\\u00e9 \\ud83d\\ude00","data":null,"ok":false}',
    '{"a":[1,2.5,-3e2,[],{}],"b":{"c":{"d":"\\"\\\\\\/\\b\\f\\n\\r\\t"}}}',
    '"text"', "[]", "{}", "null", "-0.0", "1e308", '{"a":1,"a":2}', "[1,]", '{"a"', "tru",
    "\x08\x01\x12\x0bcontentType\x1a\x02{}",
)
ORDER = ('{"client_order_id":"jns00000000000000000000000000042","order_id":"B1","symbol":"MSFT","side":"BUY",'
         '"order_type":"LIMIT","instrument_type":"EQUITY","entrust_type":"QTY","time_in_force":"DAY",'
         '"status":"PARTIAL_FILLED","total_quantity":"100","filled_quantity":"3","filled_price":"401.2",'
         '"limit_price":"402","support_trading_session":"CORE","place_time_at":"2026-03-09T14:30:05.412Z"}')
GROUP = f'{{"client_order_id":"jns00000000000000000000000000042","combo_type":"NORMAL","orders":[{ORDER}]}}'
# By the number of the call in fuzz_webull_replies.cpp: replies as the documentation shows them.
WEBULL_REPLIES = {
    0: ('{"token_check_enabled":true}', '{"token_check_enabled":false}'),
    1: ('{"token":"b3f1c6aab3f1c6aab3f1c6aab3f1c6aa","expires":1774358400000,"status":"PENDING"}',
        '{"token":"canarytoken00112233445566778899a","expires_at":1774358400000,"status":"INVALID"}'),
    2: ('{"token":"canarytoken00112233445566778899a","expires":1774358400000,"status":1}',),
    3: ('{"token":"b3f1c6aa","expires":1774358400000,"status":"NORMAL"}',),
    4: ('[{"account_id":"JNS7QK20ACC0001","account_number":"CXR40917","account_type":"MARGIN",'
        '"account_label":"Individual Margin JNS7QK20ACC0001"}]',
        '{"data":[{"account_id":"JNS7QK20ACC0009"}],"pagination_key":"k"}'),
    5: ('{"total_asset_currency":"USD","total_net_liquidation_value":"51230.44","total_cash_balance":"20110.04",'
        '"account_currency_assets":[{"currency":"USD","cash_balance":"20110.04","buying_power":"40220.08"}]}',),
    6: ('[{"symbol":"AAPL","instrument_type":"EQUITY","quantity":"-3.5","cost_price":"150.12","currency":"USD"},'
        '{"symbol":"AAPL","instrument_id":"77","instrument_type":"OPTION","quantity":"1","legs":[{"symbol":"AAPL",'
        '"option_type":"CALL","option_expire_date":"2026-03-20","option_exercise_price":"152.50"}]}]',),
    7: ('{"data":[{"symbol":"MSFT","instrument_id":"913303964","exchange_code":"NAS","currency":"USD",'
        '"status":"OC"}]}',),
    8: ('{"estimated_cost":"2808.75","estimated_transaction_fee":"0.05","currency":"USD"}',),
    9: ('{"client_order_id":"jns00000000000000000000000000042","order_id":"B1"}',),
    10: ('{"client_order_id":"jns00000000000000000000000000042","order_id":"B1"}',),
    11: ('{"client_order_id":"jns00000000000000000000000000042","order_id":"B1"}',),
    12: (f"[{GROUP}]", f'{{"data":[{GROUP}],"pagination_key":"k2"}}'),
    13: (f"[{GROUP}]", '{"data":[]}'),
    14: (GROUP, ORDER, f'{{"data":{GROUP}}}'),
}
PLACED = "jns00000000000000000000000000042"  # The order of fuzz_webull_replies.
WEBULL_BATCH = ('{"total":2,"success":1,"failed":1,"batch_orders":[{"client_order_id":"a","order_id":"B1"},'
                '{"client_order_id":"b","error_code":"OPENAPI_PARAM_ERR","message":"no"}]}')
WEBULL_GOSSIP = ('{"error_code":"OPENAPI_PARAM_ERR","message":"canary-app-key-4711 canary-app-secret-0815 '
                 'canarytoken00112233445566778899a JNS7QK20ACC0001"}')
WEBULL_EVENTS = (
    '{"request_id":"B1","account_id":"JNS7QK20ACC0001","order_id":"B1","client_order_id":"jns-000000000042",'
    '"instrument_id":"913303964","order_status":"PARTIAL_FILLED","symbol":"MSFT","short_name":"Microsoft",'
    '"qty":"7.0000000000","filled_price":"401.2000000000","filled_qty":"3.0000000000",'
    '"filled_time":"2026-03-09T14:30:06.120+0000","side":"BUY","scene_type":"FILLED","category":"US_STOCK",'
    '"order_type":"LIMIT"}',
    '{"account_id":"A1","order_id":"B1","order_status":"CANCELLED","qty":"7","filled_qty":"0","filled_price":"0E-10",'
    '"side":"SHORT","scene_type":"CANCEL_SUCCESS"}',
    "{}", "{",
)
SIGNED = (
    "api.webull.com\n/openapi/trade/order/open\naccount_id=JNS7QK20ACC0001\npage_size=20\n",
    "127.0.0.1\n/openapi/account/list\n",
    '127.0.0.1:8801\n/trading/orders/place\n\n{"account_id":"JNS7QK20ACC0001","new_orders":[]}',
    "127.0.0.1\n/openapi/trade/order/detail\nhost=evil.example\naccount_id=A1\nx-timestamp=1\n\n{}",
    "h\n/p\na=1\na=2\nb=\n=c\nd e=f+g%20/\u00e4\n", "\n\n\n\n", "",
)
WORDS = (
    "0", "1", "-1", "12.5", "-0.00000001", "0.000000001", "92233720368.54775807", "1e3", "6.0E-5", "1e-9",
    "NaN", "Infinity", "1.7976931348623157E308", "+1", ".5", "5.", "1_000",
    "AAPL", "BRK.B", "NQ.2603", "NQ.260320.C.15000", "AAPL.260320.P.150.5", "EUR.USD", "BTC.USD", "A" * 40,
    "2026-03-09T14:30:05.412Z", "2026-03-09T14:30:05Z", "2026-03-09T14:30:05+0000", "2024-02-29T23:59:59Z",
    "2023-02-29T00:00:00Z",
)


def gate_of(token):
    """Returns the server versions of `[<177]`, `[>=183]` or `[187..189]`."""
    if token.startswith("[<"):
        return 0, int(token[2:-1]) - 1
    if token.startswith("[>="):
        return int(token[3:-1]), 999
    low, high = token[1:-1].split("..")
    return int(low), int(high)


def read_layouts():
    """Returns the presets, and of each message of the broker its id, presets and gated fields."""
    presets, messages, fields = {}, {}, None
    for line in LAYOUTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("preset "):
            name, values = line[7:].split(":", 1)
            presets[name] = dict(token.split("=", 1) for token in shlex.split(values))
        elif line.startswith("< "):
            _, name, number, *rest = line.split()
            fields = []
            messages[name] = (number, [word[1:] for word in rest], fields)
        elif line.startswith((">", "answer")):
            fields = None
        elif line.startswith(" ") and fields is not None:
            gate = (0, 999)
            for token in shlex.split(line):
                if token.startswith("["):
                    gate = gate_of(token)
                    continue
                name, _, value = token.partition("=")
                base, _, count = name.partition("*")
                fields += [(base, value, gate)] * int(count or 1)
    return presets, messages


def fields_of(message, presets, version):
    """Returns the fields of a message as it is without a transcript's own values."""
    number, names, fields = message
    values = {name: value for name, value, _ in fields}
    for preset in names:
        values.update((key, value) for key, value in presets[preset].items() if key in values)
    known = {**values, "unset": UNSET, "version": str(version)}
    out = [] if number == "-" else [number]
    for name, _, (low, high) in fields:
        if low <= version <= high:
            out.append(re.sub(r"\$(\w+)", lambda match: known.get(match[1], ""), values[name]) or
                       ("7" if name in ("request", "id") else ""))
    return out


def text_seeds():
    presets, messages = read_layouts()
    for name, message in messages.items():
        for version in VERSIONS:
            letter = chr(ord("A") + version - 176)
            yield f"{name.lower()}_{version}", (letter + "|".join(fields_of(message, presets, version)) + "|").encode()


def frame(payload):
    return struct.pack(">I", len(payload)) + payload


def frame_seeds():
    one = frame(b"9\0001\00041\0")
    yield "one", b"\x05" + one
    yield "three", b"\x01" + one + frame(b"49\0001\0005\0") + frame(b"x")
    yield "half", b"\x07" + one[:-3]
    yield "empty", b"\x03" + frame(b"")
    yield "absurd", b"\x02\xff\xff\xff\xff"
    yield "largest", b"\x09\x00\xff\xff\xff" + b"1\0" * 20


def numbered(texts):
    for number, text in enumerate(texts):
        yield f"{number:03}", text.encode()


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def event(kind, payload=b"", content=b"application/json"):
    """One message of the event stream, as protobuf writes it."""
    texts = b"".join(bytes([number << 3 | 2]) + varint(len(text)) + text
                     for number, text in ((3, content), (4, payload), (5, b"request")) if text)
    return b"\x08" + varint(kind) + b"\x10\x01" + texts + b"\x30" + varint(1773066606120)


def event_seeds(order="jns-000000000042"):
    payloads = [payload.replace("jns-000000000042", order) for payload in WEBULL_EVENTS]
    for number, payload in enumerate(payloads):
        yield f"payload_{number}", payload.encode()
        yield f"order_{number}", event(1024, payload.encode())
    for kind in (0, 1, 2, 3, 4, 1028, 1032, 4711):
        yield f"type_{kind}", event(kind, content=b"text/plain")
    whole = event(1024, payloads[1].encode())
    yield "cut", whole[:len(whole) // 2]
    yield "unknown_fields", whole + b"\x3d1234\x419abcdefgh\x4a\x01x"
    yield "long_varint", b"\x08" + b"\xff" * 11
    yield "request", b"\x08\x03\x10" + varint(1773066605123) + b"\x2a\x02A1\x2a\x02A2"


def together(*parts):
    """Replies that are strange at the same time: (call, status, body) each."""
    return b"\x1e".join(bytes([call, status]) + body.encode() for call, status, body in parts)


def pair_seeds():
    place, replace, cancel, opened, history, detail = 9, 10, 11, 12, 13, 14
    good, refused, throttled, broken, lost = 0, 9, 10, 11, 13
    filled = GROUP.replace("PARTIAL_FILLED", "FILLED").replace('"filled_quantity":"3"', '"filled_quantity":"100"')
    for asked in (place, replace, cancel):
        for status in (refused, throttled, broken, lost):
            for read, body in ((detail, GROUP), (detail, filled), (opened, "[]"), (history, f"[{filled}]")):
                yield f"pair_{asked}_{status}_{read}_{len(body)}", together((asked, status, WEBULL_GOSSIP), (read, good, body))
    yield "four", together((place, lost, ""), (opened, good, "[]"), (history, good, f"[{filled}]"), (detail, broken, ""))


def reply_seeds():
    for call, bodies in WEBULL_REPLIES.items():
        for number, body in enumerate(bodies):
            yield f"call_{call:02}_{number}", bytes([call, 0]) + body.encode()
        for status in (6, 9, 10, 11, 13):  # 401, 417, 429, 500, and no reply.
            yield f"gossip_{call:02}_{status}", bytes([call, status]) + WEBULL_GOSSIP.encode()
    yield from pair_seeds()
    for name, data in event_seeds(PLACED):
        yield f"event_{name}", bytes([len(WEBULL_REPLIES), 0]) + data


def body_seeds():
    bodies = [*WEBULL_BODIES, *(body for bodies in WEBULL_REPLIES.values() for body in bodies), WEBULL_GOSSIP, WEBULL_BATCH]
    return numbered(dict.fromkeys(bodies))


SEEDS = {
    "fuzz_ib_text": text_seeds,
    "fuzz_ib_frames": frame_seeds,
    "fuzz_webull_bodies": body_seeds,
    "fuzz_webull_events": event_seeds,
    "fuzz_webull_replies": reply_seeds,
    "fuzz_webull_signature": lambda: numbered(SIGNED),
    "fuzz_words": lambda: numbered(WORDS),
}


def main():
    for target, seeds in SEEDS.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, data in seeds():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
