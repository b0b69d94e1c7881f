#!/usr/bin/env python3
"""Prints the C sources that core.gypi names for a platform, one per line; without an argument, for all platforms."""

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
wanted = sys.argv[1:] or PLATFORMS
for name in sorted({source for platform in wanted for source in sources_of(core, platform)}):
    print(name)
