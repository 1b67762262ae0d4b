"""CPU time and memory of a server: of the process and of all that it started."""
import os
import time


def processes(root):
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def cpu_clock(process):
    """The clock that counts what all threads of a process used, as clock_getcpuclockid(3) names it."""
    return ~process << 3 | 2


class ServerProcess:
    def __init__(self, root):
        self.processes = processes(root)

    def cpu(self):
        """Seconds of CPU since the start, those of threads that have ended included."""
        return sum(time.clock_gettime(cpu_clock(process)) for process in self.processes)

    def memory(self):
        """Bytes, with what processes share counted once."""
        total = 0
        for process in self.processes:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        return total * 1024
