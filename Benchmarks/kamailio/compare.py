#!/usr/bin/env python3
"""Prints the table of what both servers were measured at: compare.py FOLDER [presence|sip].

The folder holds starling-N.json, kamailio-N.json, starling-digest-N.json and kamailio-digest-N.json for each round, and
starling-memory-N.json and kamailio-memory-N.json where memory is measured apart.
Figures are the medians over the rounds, with the lowest and highest behind them.
"""
import json
import pathlib
import statistics
import sys

# What is shown, in this order: measure, title, unit.
SIP_ROWS = [
    ("options.cpu", "OPTIONS to the server", "µs"),
    ("register_first.cpu", "REGISTER without credentials, the first of a user", "µs"),
    ("register.cpu", "REGISTER without credentials, again", "µs"),
    ("digest.register_first.cpu", "REGISTER, 401, REGISTER with digest, the first of a user", "µs"),
    ("digest.register.cpu", "REGISTER, 401, REGISTER with digest, again", "µs"),
    ("message.cpu", "MESSAGE through the proxy", "µs"),
    ("call.cpu", "INVITE … BYE through the proxy", "µs"),
    ("binding.memory", "memory of a binding", "bytes"),
    ("tcp.memory", "memory of an idle TCP connection", "bytes"),
    ("tls.memory", "memory of an idle TLS connection", "bytes"),
    ("options.rate", "OPTIONS, 64 under way", "/s"),
    ("message.rate", "MESSAGE, 64 under way", "/s"),
]
PRESENCE_ROWS = [
    ("publish_first.cpu", "PUBLISH, the first", "µs"),
    ("publish_changed.cpu", "PUBLISH, changed", "µs"),
    ("publish_refresh.cpu", "PUBLISH, refresh", "µs"),
    ("publish_watched.cpu", "PUBLISH, changed, with the NOTIFY to one watcher", "µs"),
    ("digest.publish_changed.cpu", "PUBLISH, changed, with 401 and digest", "µs"),
    ("subscribe_kept.cpu", "SUBSCRIBE with its NOTIFY", "µs"),
    ("subscribe_cycle.cpu", "SUBSCRIBE, NOTIFY, its end, NOTIFY", "µs"),
    ("subscribe_refreshed.cpu", "the same with a refresh and its NOTIFY", "µs"),
    ("digest.subscribe_cycle.cpu", "SUBSCRIBE, NOTIFY, its end, NOTIFY with 401 and digest", "µs"),
    ("fan_out.cpu", "PUBLISH to 1,000 watchers", "ms"),
    ("fan_out.first", "– first NOTIFY after", "ms"),
    ("fan_out.last", "– last NOTIFY after", "ms"),
    ("fan_out.lost", "– NOTIFYs that did not come within 8 s", ""),
    ("list.cpu", "SUBSCRIBE to a list of 100", "ms"),
    ("list.whole", "– all states there after", "ms"),
    ("list.missing", "– states that did not come within 20 s", ""),
    ("list_change.cpu", "change of a member, for each list told", "ms"),
    ("list_change.told", "– lists told", "%"),
    ("list_change.last", "– last list told after", "ms"),
    ("xcap_put.cpu", "XCAP PUT of a list of 20, with digest", "µs"),
    ("xcap_get.cpu", "XCAP GET of it, with digest", "µs"),
    ("publish_first.memory", "memory of a presentity", "bytes"),
    ("subscribe_kept.memory", "memory of a subscription", "bytes"),
    ("publish_changed.rate", "PUBLISH, changed, 64 under way", "/s"),
    ("subscribe_cycle.rate", "SUBSCRIBE and its end, 64 under way", "/s"),
    ("idle", "idle, with all that was left", "% of a core"),
    ("repeated", "requests sent again", ""),
]


def figures(folder, system):
    rounds = {}
    for path in sorted(folder.glob(f"{system}-*.json")):
        prefix = "digest." if path.name.startswith(f"{system}-digest-") else ""
        for line in path.read_text().splitlines():
            figure = json.loads(line)
            if figure["value"] is not None:
                rounds.setdefault(prefix + figure["measure"], []).append(figure["value"])
    return rounds


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def text(values, unit):
    if not values:
        return "–"
    spread = f" ({number(min(values))}–{number(max(values))})" if len(values) > 1 else ""
    return f"{number(statistics.median(values))}{' ' + unit if unit else ''}{spread}"


def main():
    folder = pathlib.Path(sys.argv[1])
    starling, kamailio = figures(folder, "starling"), figures(folder, "kamailio")
    print("| what | Starling | Kamailio | Starling / Kamailio |\n|---|---|---|---|")
    rows = SIP_ROWS if sys.argv[2:] == ["sip"] else PRESENCE_ROWS
    measured = starling | kamailio
    rows += [(name, name, "") for name in sorted(measured) if "failed" in name.split(".") and any(measured[name])]
    for measure, title, unit in rows:
        ours, theirs = starling.get(measure), kamailio.get(measure)
        if not ours and not theirs:
            continue
        ratio = "–"
        if ours and theirs and statistics.median(theirs):
            ratio = f"{statistics.median(ours) / statistics.median(theirs):.2f}"
        print(f"| {title} | {text(ours, unit)} | {text(theirs, unit)} | {ratio} |")


if __name__ == "__main__":
    main()
