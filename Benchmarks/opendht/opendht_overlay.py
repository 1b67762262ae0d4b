#!/usr/bin/env python3
"""Measures an overlay of OpenDHT nodes in one process on 127.0.0.1, as LoopbackOverlay measures Starling's.

Prints one JSON object a line: measure, value, unit. The measures have the same names in both programs. OpenDHT calls
back into Python, whose part in the CPU time is some microseconds for each operation.
"""
import argparse
import json
import os
import random
import resource
import threading
import time

import opendht

RETRY_SECONDS = 0.2
LONGEST_START = 120
ENTRANCES = 8
VALUE = b"v" * 300
IN_FLIGHT = 16
WATCHES = 100
SIGNED_PUTS = 100
NETWORK = 0x5354


def report(measure, value, unit=""):
    print(json.dumps({"measure": measure, "value": value, "unit": unit}), flush=True)


def report_times(measure, seconds):
    ordered = sorted(seconds)
    if not ordered:
        return
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
        report(f"{measure}.{name}", ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3, "ms")
    report(f"{measure}.max", ordered[-1] * 1e3, "ms")


class Usage:
    """What this process and this machine had used up at one moment."""

    def __init__(self):
        self.seconds = time.perf_counter()
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.cpu = used.ru_utime + used.ru_stime
        with open("/proc/net/snmp") as file:
            names, values = (line.split() for line in file if line.startswith("Udp:"))
        self.datagrams = int(values[names.index("OutDatagrams")])


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


class Get:
    """How a lookup went for whoever asked for it."""

    def __init__(self, node, key, timeout=20):
        self.found = 0
        self.seconds_to_first = None
        self.seconds = None
        ended = threading.Event()
        begin = time.perf_counter()

        def value(_):
            if self.seconds_to_first is None:
                self.seconds_to_first = time.perf_counter() - begin
            self.found += 1
            return True

        def done(*_):
            self.seconds = time.perf_counter() - begin
            ended.set()

        node.get(key, value, done)
        ended.wait(timeout)


def put(node, key, value, signed=False, timeout=20):
    """Returns the seconds until it was done."""
    ended = threading.Event()
    begin = time.perf_counter()
    (node.putSigned if signed else node.put)(key, value, lambda *_: ended.set())
    ended.wait(timeout)
    return time.perf_counter() - begin


class Overlay:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.nodes = []
        self.keys = []
        self.idle_cpu = 0.0
        self.idle_datagrams = 0.0
        self.next_port = options.port

    def new_node(self, identity=None):
        config = opendht.DhtConfig()
        # Without this a node sheds what a benchmark asks of it.
        config.setRateLimit(-1, -1)
        config.setNetwork(NETWORK)
        if identity is not None:
            config.setIdentity(identity)
        node = opendht.DhtRunner()
        port = self.next_port
        self.next_port += 1
        node.run(port=port, ipv4="127.0.0.1", ipv6="", is_bootstrap=False, config=config)
        return node

    def any_node(self):
        return self.random.choice(self.nodes)

    def start(self):
        """Starts all nodes at once, puts a value at the first and lets every node look until it has found it."""
        memory = resident_bytes()
        begin = Usage()
        for index in range(self.options.nodes):
            node = self.new_node()
            self.nodes.append(node)
            if index > 0:
                entrance = self.options.port + self.random.randrange(min(index, ENTRANCES))
                node.bootstrap("127.0.0.1", str(entrance))
        report("start.started", time.perf_counter() - begin.seconds, "s")
        key = opendht.InfoHash.get("start")
        put(self.nodes[0], key, opendht.Value(VALUE))
        times = []
        threads = []

        def look(node):
            while time.perf_counter() - begin.seconds < LONGEST_START:
                if Get(node, key).found > 0:
                    times.append(time.perf_counter() - begin.seconds)
                    return
                time.sleep(RETRY_SECONDS)

        for node in self.nodes:
            threads.append(threading.Thread(target=look, args=(node,)))
            threads[-1].start()
        for thread in threads:
            thread.join()
        if len(times) == len(self.nodes):
            report("start.resolved", max(times), "s")
        report("start.unresolved", len(self.nodes) - len(times), "nodes")
        report("start.cpu", Usage().cpu - begin.cpu, "s")
        report("start.memory_per_node", (resident_bytes() - memory) / len(self.nodes) / 1e6, "MB")

    def measure_idle(self):
        time.sleep(5)
        start = Usage()
        time.sleep(10)
        end = Usage()
        seconds = end.seconds - start.seconds
        self.idle_datagrams = (end.datagrams - start.datagrams) / seconds
        self.idle_cpu = (end.cpu - start.cpu) / seconds
        report("idle.datagrams", self.idle_datagrams, "/s")
        report("idle.cpu", self.idle_cpu * 100, "%")

    def report_cost(self, measure, operations, start, end):
        seconds = end.seconds - start.seconds
        datagrams = end.datagrams - start.datagrams - self.idle_datagrams * seconds
        cpu = end.cpu - start.cpu - self.idle_cpu * seconds
        report(f"{measure}.datagrams", datagrams / operations)
        report(f"{measure}.cpu", cpu / operations * 1e3, "ms")

    def measure_puts(self):
        self.keys = [opendht.InfoHash.get(f"key {number}") for number in range(self.options.operations)]
        start = Usage()
        times = [put(self.any_node(), key, opendht.Value(VALUE)) for key in self.keys]
        end = Usage()
        report_times("put.time", times)
        self.report_cost("put", len(times), start, end)

    def report_gets(self, measure, gets):
        report_times(f"{measure}.first", [get.seconds_to_first for get in gets if get.seconds_to_first is not None])
        report_times(f"{measure}.whole", [get.seconds for get in gets if get.seconds is not None])
        report(f"{measure}.found", sum(get.found > 0 for get in gets) / len(gets) * 100, "%")

    def measure_gets(self):
        start = Usage()
        gets = [Get(self.any_node(), key) for key in self.keys]
        end = Usage()
        self.report_gets("get", gets)
        self.report_cost("get", len(gets), start, end)

    def measure_parallel_gets(self):
        count = self.options.operations * 2
        chosen = [(self.any_node(), self.random.choice(self.keys)) for _ in range(count)]
        found = []

        def lane(first):
            for node, key in chosen[first::IN_FLIGHT]:
                found.append(Get(node, key).found > 0)

        threads = [threading.Thread(target=lane, args=(first,)) for first in range(IN_FLIGHT)]
        start = Usage()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        end = Usage()
        report("parallel_get.rate", count / (end.seconds - start.seconds), "/s")
        report("parallel_get.per_cpu_second", count / (end.cpu - start.cpu))
        report("parallel_get.found", sum(found) / count * 100, "%")

    def measure_signed_puts(self):
        """One writer with an RSA-2048 key, whose certificate is known after the first puts."""
        identity = opendht.Identity.generate("benchmark", opendht.Identity(), 2048)
        writer = self.new_node(identity)
        writer.bootstrap("127.0.0.1", str(self.options.port))
        time.sleep(2)
        start = Usage()
        times = []
        for number in range(SIGNED_PUTS):
            key = opendht.InfoHash.get(f"signed {number}")
            times.append(put(writer, key, opendht.Value(VALUE), signed=True))
        end = Usage()
        report_times("signed_put.time", times)
        self.report_cost("signed_put", len(times), start, end)
        writer.join()

    def measure_watches(self):
        times = []
        for number in range(WATCHES):
            key = opendht.InfoHash.get(f"watched {number}")
            watcher, writer = self.random.sample(self.nodes, 2)
            told = threading.Event()
            moment = []

            def changed(_, expired=False):
                if not expired and not moment:
                    moment.append(time.perf_counter())
                    told.set()
                return True

            token = watcher.listen(key, changed)
            time.sleep(0.15)
            begin = time.perf_counter()
            writer.put(key, opendht.Value(VALUE))
            told.wait(5)
            times += [end - begin for end in moment]
            watcher.cancelListen(token)
        report_times("watch.time", times)
        report("watch.told", len(times) / WATCHES * 100, "%")

    def measure_deaths(self):
        dead = self.random.sample(range(1, len(self.nodes)), self.options.deaths)
        threads = [threading.Thread(target=self.nodes[index].join) for index in dead]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.nodes = [node for index, node in enumerate(self.nodes) if index not in dead]
        for pause in (0, 15, 60):
            time.sleep(pause)
            self.report_gets(f"deaths.{pause}", [Get(self.any_node(), key) for key in self.keys])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=32)
    parser.add_argument("--operations", type=int, default=500)
    parser.add_argument("--deaths", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=17000, help="of the first node; the others follow")
    parser.add_argument("--start-only", action="store_true")
    options = parser.parse_args()
    overlay = Overlay(options)
    overlay.start()
    if not options.start_only:
        overlay.measure_idle()
        overlay.measure_puts()
        overlay.measure_gets()
        overlay.measure_parallel_gets()
        overlay.measure_signed_puts()
        overlay.measure_watches()
        overlay.measure_deaths()
    # Its destructors wait for threads that may wait for the network.
    os._exit(0)


if __name__ == "__main__":
    main()
