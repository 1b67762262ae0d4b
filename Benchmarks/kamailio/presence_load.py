#!/usr/bin/env python3
"""Puts one load on a running presence server and prints what it cost the server, a JSON value a line.

The load is the same for every server: presence_load.py --server 127.0.0.10:5060 --pid PID. CPU is that of the server's
processes alone, in microseconds for each piece of work; memory in bytes for each thing held.
"""
import argparse
import json
import os
import socket
import statistics
import time

from server_process import ServerProcess
from sip_load import Load, Request, body, field
from xcap_load import XCAPLoad

PIDF = "application/pidf+xml"


class Run:
    def __init__(self, options):
        self.options = options
        self.domain = options.domain
        host, port = options.server.split(":")
        self.load = Load((host, int(port)), self.domain, f"{os.getpid():x}{int(time.time()) % 100_000:x}")
        self.server = ServerProcess(options.pid)
        self.tags = {}
        self.sequences = {}

    def report(self, measure, value):
        print(json.dumps({"measure": measure, "value": value}), flush=True)

    def settle(self):
        """Waits a little until the server has done what it still had to do.

        Returns the seconds of CPU a second that it uses when left alone. They are part of what is measured: a server that
        keeps itself busy pays for it.
        """
        for _ in range(6):
            before, start = self.server.cpu(), time.monotonic()
            self.load.drain(0.5)
            idle = (self.server.cpu() - before) / (time.monotonic() - start)
            if idle < 0.01:
                break
        return idle

    def measured(self, work, rest=0.3):
        """What `work` returns, and the seconds of CPU that it cost the server."""
        self.settle()
        cpu = self.server.cpu()
        result = work()
        self.load.drain(rest)
        return result, self.server.cpu() - cpu

    def cost(self, measure, count, jobs):
        """CPU microseconds for each of `count`, and what memory each takes, for what `jobs` does."""
        memory = self.server.memory()

        def work():
            start = time.monotonic()
            self.load.perform(jobs)
            return time.monotonic() - start

        elapsed, cpu = self.measured(work)
        self.report(f"{measure}.cpu", cpu / count * 1e6)
        self.report(f"{measure}.rate", count / elapsed)
        self.report(f"{measure}.memory", (self.server.memory() - memory) / count)

    # What clients do

    def document(self, user, note):
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" '
            f'entity="sip:{user}@{self.domain}"><tuple id="t1"><status><basic>open</basic></status>'
            f'<contact priority="0.8">sip:{user}@{self.domain}</contact><note>{note}</note></tuple></presence>'
        ).encode()

    def publish(self, user, note):
        """A publication under the tag of the one before; a refresh where `note` is None."""
        uri = f"sip:{user}@{self.domain}"
        fields = {"To": uri, "Event": "presence", "Expires": "3600"}
        if user in self.tags:
            fields["SIP-If-Match"] = self.tags[user]
        content = b""
        if note is not None:
            fields["Content-Type"] = PIDF
            content = self.document(user, note)
        sequence = self.sequences[user] = self.sequences.get(user, 0) + 2
        answer = yield Request("PUBLISH", uri, user, f"p-{user}", sequence, fields, content)
        self.tags[user] = field(answer, "etag")

    def subscribe(self, watcher, user, call, ends=False, refreshes=0):
        """A subscription until the NOTIFY with the state has come; then refreshed and ended if asked for."""
        uri = f"sip:{user}@{self.domain}"
        fields = {
            "To": uri, "Contact": f"<sip:{watcher}@{self.load.address}>", "Event": "presence", "Accept": PIDF,
            "Expires": "3600",
        }
        answer = yield Request("SUBSCRIBE", uri, watcher, call, 1, fields)
        yield call, 1
        tag, contact = field(answer, "tag"), field(answer, "contact")
        for number in range(refreshes + ends):
            if number == refreshes:
                fields = dict(fields, Expires="0")
            sequence = 3 + 2 * number
            yield Request("SUBSCRIBE", contact, watcher, call, sequence, fields, to_tag=tag)
            yield call, 2 + number

    # Measures

    def publications(self):
        users = [f"u{number}" for number in range(self.options.users)]
        self.cost("publish_first", len(users), (self.publish(user, "first") for user in users))
        self.cost("publish_changed", len(users), (self.publish(user, "changed") for user in users))
        self.cost("publish_refresh", len(users), (self.publish(user, None) for user in users))

    def digest(self):
        """For a server that wants credentials: each request is sent twice."""
        users = [f"u{number}" for number in range(self.options.users)]
        self.cost("publish_first", len(users), (self.publish(user, "first") for user in users))
        self.cost("publish_changed", len(users), (self.publish(user, "changed") for user in users))
        watched = users[1:] + users[:1]
        pairs = list(zip(users, watched))
        self.cost(
            "subscribe_cycle", len(users), (self.subscribe(own, u, f"c-{own}", ends=True) for own, u in pairs))

    def subscriptions(self):
        users = [f"u{number}" for number in range(self.options.users)]
        self.cost(
            "subscribe_cycle", len(users), (self.subscribe(f"c{u}", u, f"c-{u}", ends=True) for u in users))
        self.cost("subscribe_kept", len(users), (self.subscribe(f"w{u}", u, f"k-{u}") for u in users))
        # The refreshes alone: what they cost is the difference to the same without them.
        self.cost(
            "subscribe_refreshed", len(users),
            (self.subscribe(f"r{u}", u, f"r-{u}", ends=True, refreshes=1) for u in users))
        self.cost("publish_watched", len(users), (self.publish(user, "watched") for user in users))

    def fan_out(self):
        watchers = self.options.watchers
        self.load.perform([self.publish("star", "first")])
        self.cost(
            "watcher", watchers,
            (self.subscribe(f"f{number}", "star", f"f-{number}") for number in range(watchers)))
        costs, firsts, lasts = [], [], []
        for number in range(10):
            times, cpu = self.measured(lambda: self.publish_and_count("star", f"round{number}", watchers))
            costs.append(cpu * 1e3)
            if len(times) < watchers:
                self.report("fan_out.lost", watchers - len(times))
            if times:
                firsts.append(times[0] * 1e3)
                lasts.append(times[-1] * 1e3)
        self.report("fan_out.cpu", statistics.median(costs))
        self.report("fan_out.first", statistics.median(firsts))
        self.report("fan_out.last", statistics.median(lasts))

    def publish_and_count(self, user, note, expected, patience=8):
        """After how long the NOTIFYs came that carry what is published now, each dialog's first."""
        job = self.publish(user, note)
        start = time.monotonic()
        self.load.socket.sendto(job.send(None).bytes(self.load), self.load.server)
        wanted, times, seen = note.encode(), [], set()
        is_answered = False
        end = time.monotonic() + patience
        while (len(times) < expected or not is_answered) and time.monotonic() < end:
            message = self.load.receive(end - time.monotonic())
            if message is None:
                break
            if message.startswith(b"NOTIFY "):
                call = field(message, "call")
                if wanted in message and call not in seen:
                    seen.add(call)
                    times.append(time.monotonic() - start)
            elif message[8:9] == b"2":
                is_answered = True
                try:
                    job.send(message)
                except StopIteration:
                    pass
        return times

    def lists(self):
        """Lists of the first hundred users: in the SUBSCRIBE (RFC 5367), or in documents stored before (RFC 4826)."""
        members = [f"u{number}" for number in range(100)]
        entries = "".join(f'<entry uri="sip:{user}@{self.domain}"/>' for user in members)
        content = None
        if not self.options.stored_lists:
            content = (
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                f'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>{entries}</list></resource-lists>'
            ).encode()
        costs, times = [], []
        for number in range(self.options.lists):
            if self.options.stored_lists:
                self.xcap().put_service(f"l{number}", f"sip:friends@{self.domain}", entries)
            elapsed, cpu = self.measured(lambda: self.subscribe_to_list(f"l{number}", content, len(members)), rest=1.5)
            times.append(elapsed * 1e3)
            costs.append(cpu * 1e3)
        self.report("list.cpu", statistics.median(costs))
        self.report("list.whole", statistics.median(times))
        # Each of these lists is watched from now on, and a change of a member reaches all of them.
        times, cpu = self.measured(lambda: self.publish_and_count(members[0], "inlist", self.options.lists), rest=1.5)
        self.report("list_change.cpu", cpu * 1e3 / self.options.lists)
        self.report("list_change.told", len(times) / self.options.lists * 100)
        self.report("list_change.last", times[-1] * 1e3 if times else None)

    def subscribe_to_list(self, watcher, content, members, patience=20):
        """After how many seconds the state of every member had come."""
        uri = f"sip:friends@{self.domain}"
        fields = {
            "To": uri, "Contact": f"<sip:{watcher}@{self.load.address}>", "Event": "presence",
            "Accept": f"{PIDF}, application/rlmi+xml, multipart/related", "Supported": "eventlist", "Expires": "3600",
        }
        if content:
            fields |= {
                "Require": "recipient-list-subscribe", "Content-Type": "application/resource-lists+xml",
                "Content-Disposition": "recipient-list",
            }
        request = Request("SUBSCRIBE", uri, watcher, f"l-{watcher}", 1, fields, content or b"")
        start = time.monotonic()
        self.load.socket.sendto(request.bytes(self.load), self.load.server)
        known, end = set(), start + patience
        while len(known) < members and time.monotonic() < end:
            message = self.load.receive(end - time.monotonic())
            if message is not None and message.startswith(b"NOTIFY "):
                if field(message, "call") == f"{self.load.run}-l-{watcher}":
                    for part in body(message).split(b"<presence")[1:]:
                        known.add(part[part.find(b'entity="') :].split(b'"')[1])
            elif message is not None and message[8:9] not in (b"1", b"2"):
                raise RuntimeError(message[:200].decode())
        if len(known) < members:
            self.report("list.missing", members - len(known))
        return time.monotonic() - start

    def xcap(self):
        host, port = self.options.xcap.split(":")
        return XCAPLoad((host, int(port)), self.domain)

    def documents(self):
        load = self.xcap()
        users = [f"u{number}" for number in range(min(1_000, self.options.users))]
        for user in users:
            load.get(user)
        for measure, work in (("xcap_put", load.put), ("xcap_get", load.get)):
            statuses, cpu = self.measured(lambda: [work(user) for user in users])
            self.report(f"{measure}.cpu", cpu / len(users) * 1e6)
            self.report(f"{measure}.done", sum(status < 300 for status in statuses) / len(users) * 100)


def add_users(path, users, domain):
    """Has a running node add users, whose passwords are `pw-` and the user's name."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(path)
        lines = control.makefile("rb")
        for user in users:
            command = {"userAdd": {"addressOfRecord": f"{user}@{domain}", "password": f"pw-{user}"}}
            control.sendall(json.dumps(command).encode() + b"\n")
            reply = lines.readline()
            if b"failed" in reply:
                raise RuntimeError(reply.decode())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="the server's UDP address, ADDRESS:PORT")
    parser.add_argument("--xcap", help="the address of its XCAP root's HTTP server")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--domain", default="example.org")
    parser.add_argument("--control", help="where users have to be added: the control socket of a node")
    parser.add_argument("--stored-lists", action="store_true", help="lists are put by XCAP, not into the SUBSCRIBE")
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--watchers", type=int, default=1_000)
    parser.add_argument("--lists", type=int, default=10)
    parser.add_argument("--measures", default="publications,subscriptions,fan_out,lists,documents")
    options = parser.parse_args()
    run = Run(options)
    if options.control:
        users = [f"u{number}" for number in range(options.users)] + ["star"]
        add_users(options.control, users, options.domain)
    for measure in options.measures.split(","):
        getattr(run, measure)()
    run.report("idle", run.settle() * 100)
    run.report("repeated", run.load.repeated)
    for status, count in run.load.failures.items():
        run.report(f"failed.{status}", count)


if __name__ == "__main__":
    main()
