#!/usr/bin/env python3
"""Prints the table of what both programs measured: compare.py FOLDER.

The folder holds, for each round, starling-N.json and opendht-N.json with 32 nodes, and starling-start-N.json and
opendht-start-N.json with 100. Figures are the medians over the rounds; the longest times are the worst of all rounds.
"""
import json
import pathlib
import statistics
import sys

# What is shown, in this order.
ROWS = [
    ("start.resolved", "start: last of 32 nodes has found a record", "s"),
    ("start.unresolved", "start: of 32 nodes that have not after 120 s", ""),
    ("start100.resolved", "start: last of 100 nodes has found a record", "s"),
    ("start100.unresolved", "start: of 100 nodes that have not after 120 s", ""),
    ("start.memory_per_node", "memory of a node", "MB"),
    ("idle.datagrams", "idle: datagrams, all nodes", "/s"),
    ("idle.cpu", "idle: CPU, all nodes", "%"),
    ("put.cpu", "put of 300 bytes: CPU (Starling: signed by the node)", "ms"),
    ("put.datagrams", "put: datagrams", ""),
    ("put.time.p50", "put: median time", "ms"),
    ("signed_put.cpu", "put signed by a user: CPU (OpenDHT: RSA-2048)", "ms"),
    ("signed_put.datagrams", "put signed by a user: datagrams", ""),
    ("put_new_user.cpu", "put signed by a user nobody knows: CPU", "ms"),
    ("get.cpu", "get: CPU", "ms"),
    ("get.datagrams", "get: datagrams", ""),
    ("get.first.p50", "get: first record, median", "ms"),
    ("get.first.p99", "get: first record, 99th percentile", "ms"),
    ("get.whole.p50", "get: whole, median", "ms"),
    ("get.whole.p99", "get: whole, 99th percentile", "ms"),
    ("parallel_get.per_cpu_second", "gets per CPU second, 16 in flight", ""),
    ("watch.time.p50", "put to watcher, median", "ms"),
    ("watch.time.p90", "put to watcher, 90th percentile", "ms"),
    ("watch.told", "put to watcher: told within 5 s", "%"),
    ("deaths.0.found", "9 of 32 die: found at once", "%"),
    ("deaths.0.whole.p90", "9 of 32 die: whole get at once, 90th percentile", "ms"),
    ("deaths.0.whole.max", "9 of 32 die: slowest whole get at once", "ms"),
    ("deaths.15.found", "15 s later: found", "%"),
    ("deaths.15.whole.max", "15 s later: slowest whole get", "ms"),
    ("deaths.60.found", "75 s later: found", "%"),
    ("deaths.60.whole.max", "75 s later: slowest whole get", "ms"),
]


def read(path, prefix=""):
    with open(path) as file:
        for line in file:
            figure = json.loads(line)
            yield prefix + figure["measure"], figure["value"]


def figures(folder, system):
    rounds = {}
    for path in sorted(folder.glob(f"{system}-*.json")):
        is_large_start = path.name.startswith(f"{system}-start-")
        for measure, value in read(path):
            if is_large_start:
                measure = measure.replace("start.", "start100.", 1)
            rounds.setdefault(measure, []).append(value)
    combine = lambda name: max if name.endswith(".max") else statistics.median
    return {measure: combine(measure)(values) for measure, values in rounds.items()}


def text(value):
    if value is None:
        return "–"
    if value == 0 or value == int(value) and abs(value) < 10_000:
        return f"{value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def main():
    folder = pathlib.Path(sys.argv[1])
    starling = figures(folder, "starling")
    opendht = figures(folder, "opendht")
    print("| measure | Starling | OpenDHT | Starling / OpenDHT |\n|---|---|---|---|")
    for measure, title, unit in ROWS:
        ours, theirs = starling.get(measure), opendht.get(measure)
        if ours is None and theirs is None:
            continue
        ratio = ours / theirs if ours is not None and theirs else None
        unit = f" {unit}" if unit else ""
        cells = [text(value) + (unit if value is not None else "") for value in (ours, theirs)]
        print(f"| {title} | {cells[0]} | {cells[1]} | {text(ratio)} |")


if __name__ == "__main__":
    main()
