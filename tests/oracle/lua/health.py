"""Runs Argo CD's health scripts in Lua 5.1, the version that Argo CD embeds.

Reads JSON lines {"script", "object"} and answers each with one JSON line: what the script returns.
"""

import json
import sys

from lupa.lua51 import LuaRuntime

lua = LuaRuntime(unpack_returned_tuples=True)


def table(value):
    if isinstance(value, dict):
        return lua.table_from({key: table(inner) for key, inner in value.items() if inner is not None})
    if isinstance(value, list):
        return lua.table_from([table(inner) for inner in value])
    return value


for line in sys.stdin:
    question = json.loads(line)
    lua.globals().obj = table(question["object"])
    answer = lua.execute(question["script"])
    print(json.dumps({key: answer[key] for key in answer}), flush=True)
