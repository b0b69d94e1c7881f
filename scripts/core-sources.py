#!/usr/bin/env python3
"""Prints the C sources that core.gypi names for a platform, one per line; without an argument, for all platforms.
With --make, prints a make variable per platform: CORE_linux and so on."""

import ast
import pathlib
import re
import sys

PLATFORMS = re.findall(r"\w+", "linux darwin win32 freebsd openbsd netbsd sunos aix unsupported")


def sources_of(part, platform):
    yield from (source.replace("<(platform)", platform) for source in part.get("sources", []))
    for condition, then in part.get("conditions", []):
        if eval(condition, {"__builtins__": {}}, {"platform": platform}):  # as gyp does
            yield from sources_of(then, platform)


root = pathlib.Path(__file__).resolve().parent.parent
core = ast.literal_eval((root / "core.gypi").read_text())


def sources(platforms):
    return sorted({source for platform in platforms for source in sources_of(core, platform)})


if sys.argv[1:] == ["--make"]:
    for name in PLATFORMS:
        print(f"CORE_{name} :=", *sources([name]))
else:
    print(*sources(sys.argv[1:] or PLATFORMS), sep="\n")
