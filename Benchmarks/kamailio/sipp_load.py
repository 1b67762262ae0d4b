#!/usr/bin/env python3
"""Puts SIPp's load on a running registrar and proxy and prints what it cost the server, a JSON value a line.

The load is the same for every server: sipp_load.py --server 127.0.0.10 --pid PID. CPU is that of the server's processes
alone, in microseconds for each scenario; memory in bytes for each thing held.
"""
import argparse
import csv
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import time

from presence_load import add_users
from server_process import ServerProcess

SCENARIOS = pathlib.Path(__file__).parent / "scenarios"
PHONES = 15_300


class Run:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.server = ServerProcess(options.pid)
        self.phones = None

    def report(self, measure, value):
        print(json.dumps({"measure": measure, "value": value}), flush=True)

    def settle(self, rest=0.5, most=20):
        """Waits until the server has done what it still had to do; at most so many times so many seconds."""
        for _ in range(most):
            before = self.server.cpu()
            time.sleep(rest)
            if self.server.cpu() - before < 0.01 * rest:
                return

    def sipp(self, scenario, port, *arguments):
        return [
            "sipp", self.options.server + ":5060", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", "127.0.0.1",
            "-p", str(port), "-nostdin", "-buff_size", "8388608", *arguments,
        ]

    def users(self, prefix, count):
        """A file of users for SIPp: the name and the credentials."""
        path = self.folder / f"{prefix}{count}.csv"
        with open(path, "w") as file:
            file.write("SEQUENTIAL\n")
            for number in range(count):
                user = f"{prefix}{number}"
                file.write(f"{user};[authentication username={user} password=pw-{user}]\n")
        return path

    def answer(self, scenario):
        """Has all phones answer by a scenario from now on."""
        self.hang_up()
        self.phones = subprocess.Popen(
            self.sipp(scenario, PHONES), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.7)

    def hang_up(self):
        if self.phones:
            self.phones.send_signal(signal.SIGKILL)
            self.phones.wait()
            self.phones = None

    def cost(self, measure, scenario, users, count, port=15_200):
        """CPU for each of `count` scenarios, and the memory that each has taken."""
        self.settle()
        memory, cpu = self.server.memory(), self.server.cpu()
        statistics = self.folder / f"{measure}.csv"
        start = time.monotonic()
        subprocess.run(
            self.sipp(
                scenario, port, "-inf", str(users), "-m", str(count), "-r", "50000", "-l", str(self.options.parallel),
                "-trace_stat", "-stf", str(statistics), "-fd", "5", "-timeout", "240", "-recv_timeout", "30000",
                "-cid_str", f"{measure}{time.time_ns()}-%u-%p@%s"),
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        elapsed = time.monotonic() - start
        # Journals, signed records and what else follows belong to the price.
        self.settle()
        with open(statistics) as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        done = int(rows[-1]["SuccessfulCall(C)"])
        self.report(f"{measure}.cpu", (self.server.cpu() - cpu) / max(done, 1) * 1e6)
        self.report(f"{measure}.rate", done / elapsed)
        self.report(f"{measure}.memory", (self.server.memory() - memory) / max(done, 1))
        self.report(f"{measure}.failed", count - done)

    # Measures

    def requests(self):
        options = self.options
        users = self.users("u", options.users)
        self.cost("options", "options", users, options.count)
        # From the port at which they will answer, as phones do.
        self.cost("register_first", "register", users, options.users, PHONES)
        self.cost("register", "register", users, options.count, PHONES)
        self.answer("message_answered")
        self.cost("message", "message", users, options.count)
        self.answer("call_answered")
        self.cost("call", "call", users, options.count // 2)
        self.hang_up()

    def digest(self):
        users = self.users("u", self.options.users)
        self.cost("register_first", "register_digest", users, self.options.users)
        self.cost("register", "register_digest", users, self.options.count)

    def bindings(self):
        count = self.options.bindings
        self.cost("binding", "register", self.users("b", count), count)

    def connections(self):
        """Connections that are opened and then do nothing."""
        for measure, port in (("tcp", 5060), ("tls", 5061)):
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.settle()
            memory = self.server.memory()
            held = []
            for _ in range(self.options.connections):
                connection = socket.create_connection((self.options.server, port), timeout=10)
                held.append(context.wrap_socket(connection) if measure == "tls" else connection)
            self.settle()
            self.report(f"{measure}.memory", (self.server.memory() - memory) / len(held))
            for connection in held:
                connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="the server's address; its ports are 5060, and 5061 for TLS")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--control", help="where users have to be added: the control socket of a node")
    parser.add_argument("--users", type=int, default=2_000, help="of the requests")
    parser.add_argument("--count", type=int, default=20_000, help="requests of each kind; calls half of it")
    parser.add_argument("--parallel", type=int, default=64, help="scenarios under way at once")
    parser.add_argument("--bindings", type=int, default=20_000, help="users to register for the memory of each")
    parser.add_argument("--connections", type=int, default=1_000)
    parser.add_argument("--measures", default="requests")
    options = parser.parse_args()
    if options.control:
        add_users(options.control, [f"u{number}" for number in range(options.users)], "example.org")
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options, pathlib.Path(folder))
        try:
            for measure in options.measures.split(","):
                getattr(run, measure)()
        finally:
            run.hang_up()


if __name__ == "__main__":
    main()
