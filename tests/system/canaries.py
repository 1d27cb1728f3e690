"""Looks for values that must not be seen in what programs have left: as they are, and in the usual disguises."""

import base64
import json
import urllib.parse


def forms_of(value):
    """How a value could stand in a text or a file: plain, escaped, hex, and inside of any Base64."""
    raw = value.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), json.dumps(value)[1:-1].encode(),
             value.replace("/", "\\/").encode()}
    for safe in ("", "/", "-._~"):
        found |= {urllib.parse.quote(value, safe=safe).encode(), urllib.parse.quote_plus(value, safe=safe).encode()}
    # What stands before it shifts the letters; those that also depend on its neighbours are left out.
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        whole = coded[(shift * 8 + 5) // 6:(shift + len(raw)) * 8 // 6]
        found |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in found if len(form) >= 8}


def leaks(values, texts):
    """Yields (name of the text, name of the value) for every value that stands in a text.

    `values` and `texts` map names to strings and to bytes.
    """
    forms = {name: forms_of(value) for name, value in values.items()}
    for where, text in texts.items():
        for name, candidates in forms.items():
            if any(form in text for form in candidates):
                yield where, name


def files_below(folder, without=()):
    """Maps the name of each file below a folder to its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not any(path.is_relative_to(folder / other) for other in without)}
