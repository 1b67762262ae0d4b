#!/usr/bin/env python3
"""Many users at two gateways call each other; one gateway is killed. Prints which calls failed, and why that may be.

gateway_dies.py --overlay overlay.json --users N --rate CALLS_A_SECOND --seconds S

Half of the users, a0, a1 …, are registered at gateway A, the others at gateway B. Half of the calls go from A to B, the
others from B to A. In the middle A is killed; its phones register at B, and call from there.
"""
import argparse
import collections
import json
import os
import signal
import time

from phones import Phones


class Trial:
    def __init__(self, options):
        self.options = options
        with open(options.overlay) as file:
            nodes = json.load(file)["nodes"]
        self.a, self.b = (self.address(nodes[name]) for name in ("gateway-a", "gateway-b"))
        self.process = nodes["gateway-a"]["pid"]
        self.phones = Phones("example.org", lambda user: f"secret-of-{user}", options.hold)
        self.half = options.users // 2
        self.killed = None
        self.again = set()
        self.calls = []

    def address(self, node):
        host, port = node["sip"].split(":")
        return host, int(port)

    def register(self, users, server, rate, done):
        """Registers users one after the other; `done` hears of each."""
        start = time.monotonic()
        for index, user in enumerate(users):
            self.phones.at(index / rate, self.phones.register, user, server, lambda status, user=user: done(user, status))
        return start

    def register_all(self):
        statuses = collections.Counter()
        done = lambda user, status: statuses.update([status])
        start = self.register([f"a{i}" for i in range(self.half)], self.a, self.options.registrations, done)
        self.register([f"b{i}" for i in range(self.half)], self.b, self.options.registrations, done)
        self.phones.work(lambda: sum(statuses.values()) == 2 * self.half)
        print(f"registered: {dict(statuses)}, in {time.monotonic() - start:.1f} s", flush=True)

    def begin(self, index):
        """The next call: each pair of users in turn, in one direction or the other."""
        pair = (index // 2) % self.half
        fromA = index % 2 == 0
        caller, callee = (f"a{pair}", f"b{pair}") if fromA else (f"b{pair}", f"a{pair}")
        call = {"began": time.monotonic(), "callee": callee, "fromA": fromA, "outcome": None, "ended": None}
        call["back"] = self.killed is None or fromA or callee in self.again
        self.calls.append(call)

        def ended(invite, bye):
            call["outcome"] = (invite, bye)
            call["ended"] = time.monotonic()

        self.phones.call(caller, callee, self.a if fromA and self.killed is None else self.b, ended)

    def kill(self, next_pair):
        os.kill(self.process, signal.SIGKILL)
        self.killed = time.monotonic()
        order = [f"a{(next_pair + i) % self.half}" for i in range(self.half)]
        statuses = collections.Counter()
        self.back = statuses

        def done(user, status):
            statuses.update([status])
            if status == "200":
                self.again.add(user)
            if sum(statuses.values()) == self.half:
                print(
                    f"the phones of gateway A registered at B: {dict(statuses)}, "
                    f"{time.monotonic() - self.killed:.1f} s after its death", flush=True)

        self.register(order, self.b, self.options.registrations, done)

    def call_all(self):
        total = int(self.options.rate * self.options.seconds)
        for index in range(total):
            self.phones.at(index / self.options.rate, self.begin, index)
        self.phones.at(self.options.seconds / 2, lambda: self.kill(total // 4))
        self.phones.work(lambda: len(self.calls) == total and all(call["ended"] for call in self.calls))

    def tell(self):
        rows = collections.OrderedDict(
            (name, collections.Counter()) for name in (
                "ended before gateway A died", "under way when it died", "begun afterwards, callee registered again",
                "begun afterwards, callee not registered again yet"))
        names = list(rows)
        failures = collections.Counter()
        for call in self.calls:
            good = call["outcome"] == ("200", "200")
            row = (
                names[0] if call["ended"] < self.killed else names[1] if call["began"] < self.killed
                else names[2] if call["back"] else names[3])
            rows[row]["good" if good else "failed"] += 1
            if not good:
                failures[(row, *call["outcome"])] += 1
        print(f"{'calls':52}{'good':>8}{'failed':>8}")
        for name, row in rows.items():
            print(f"{name:52}{row['good']:8}{row['failed']:8}")
        for (row, invite, bye), count in sorted(failures.items(), key=lambda one: -one[1]):
            print(f"  {row}: INVITE {invite}, BYE {bye or 'not sent'}: {count}")
        for name in ("ended before gateway A died", "begun afterwards, callee registered again"):
            lengths = sorted(
                call["ended"] - call["began"] - self.options.hold for call in self.calls
                if call["outcome"] == ("200", "200") and (call["ended"] < self.killed) == (name == names[0])
                and (call["began"] >= self.killed) == (name == names[2]) and call["back"])
            if lengths:
                print(
                    f"signalling of a call, {name}: median {lengths[len(lengths) // 2] * 1000:.0f} ms, "
                    f"99th percentile {lengths[int(len(lengths) * 0.99)] * 1000:.0f} ms")
        return rows[names[2]]["failed"] + rows[names[0]]["failed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--overlay", required=True)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--hold", type=float, default=1)
    parser.add_argument("--registrations", type=float, default=500, help="a second, at each gateway")
    parser.add_argument("--settle", type=float, default=10, help="seconds between registrations and calls")
    trial = Trial(parser.parse_args())
    trial.register_all()
    end = time.monotonic() + trial.options.settle
    trial.phones.work(lambda: time.monotonic() >= end)
    trial.call_all()
    raise SystemExit(1 if trial.tell() else 0)


main()
