#!/usr/bin/env python3
"""One telephone: registers, and then answers what comes, or writes to somebody. Exits 1 if either fails."""
import argparse
import socket
import time

from phones import Exchange, Phones


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="of the phone")
    parser.add_argument("--server", required=True)
    parser.add_argument("--user", required=True, help="whose password is secret-of- and the name")
    parser.add_argument("--listen", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--write-to", metavar="USER")
    options = parser.parse_args()
    host, port = options.server.split(":")
    server = socket.gethostbyname(host), int(port)
    phones = Phones("example.org", lambda user: f"secret-of-{user}", 1, options.address)
    statuses = []
    # The server may be starting still.
    while statuses[-1:] != ["200"] and len(statuses) < 3:
        count = len(statuses)
        phones.register(options.user, server, statuses.append)
        phones.work(lambda: len(statuses) > count)
    if statuses[-1] != "200":
        raise SystemExit(f"{options.user} is not registered: {statuses[-1]}")
    if options.write_to:
        start, answers = time.monotonic(), []
        request = {
            "method": "MESSAGE", "uri": f"sip:{options.write_to}@example.org", "from": options.user,
            "to": options.write_to, "from_tag": phones.token(), "call": phones.token(), "sequence": 1,
            "extra": ["Content-Type: text/plain"], "body": b"hello"}
        Exchange(phones, request, options.user, server, lambda status, _: answers.append(status))
        phones.work(lambda: answers)
        print(
            f"{options.user} wrote to {options.write_to}: {answers[0]} after {time.monotonic() - start:.2f} s",
            flush=True)
        raise SystemExit(0 if answers[0] == "200" else 1)
    end = time.monotonic() + options.listen
    phones.work(lambda: time.monotonic() > end)


main()
