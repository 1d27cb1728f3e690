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


SEEDS = {
    "fuzz_ib_text": text_seeds,
    "fuzz_ib_frames": frame_seeds,
    "fuzz_webull_json": lambda: numbered(WEBULL_BODIES),
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
