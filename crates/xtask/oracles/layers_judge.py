"""Loads layers of the ATT&CK Navigator with the strict reader of MITRE's own package.

A line for each file of the arguments: `ok`, or why it is rejected. The package's other parts, and what they need, are not
loaded.
"""

import contextlib
import io
import json
import pathlib
import sys
import sysconfig
import types

packages = pathlib.Path(sysconfig.get_path("purelib"))
for name in ("mitreattack", "mitreattack.navlayers"):
    module = types.ModuleType(name)
    module.__path__ = [str(packages.joinpath(*name.split(".")))]
    sys.modules[name] = module

from mitreattack.navlayers.core.layer import Layer  # noqa: E402


def lost(written, read, path=""):
    """What the reader did not take over."""
    if isinstance(written, dict):
        for key, value in written.items():
            if value in ([], ""):
                continue
            if key not in read:
                return f"{path}/{key}"
            found = lost(value, read[key], f"{path}/{key}")
            if found:
                return found
    elif isinstance(written, list):
        if len(written) != len(read):
            return path
        for at, (one, other) in enumerate(zip(written, read)):
            found = lost(one, other, f"{path}/{at}")
            if found:
                return found
    elif written != read:
        return path
    return None


def judge(file):
    """Why a layer is rejected, if it is."""
    with open(file, encoding="utf-8") as opened:
        written = json.load(opened)
    said = io.StringIO()
    # What is wrong, it prints.
    with contextlib.redirect_stdout(said):
        layer = Layer(strict=True)
        layer.from_dict(written)
        read = layer.to_dict() if layer.layer is not None else None
    if said.getvalue() or read is None:
        return said.getvalue().strip().split("\n")[0] or "it is not read"
    missing = lost(written, read)
    return missing and f"{missing} is not taken over"


for file in sys.argv[1:]:
    try:
        print(judge(file) or "ok")
    except Exception as error:  # Whatever it is, the layer is not read.
        print(f"{type(error).__name__}: {error}".replace("\n", " "))
