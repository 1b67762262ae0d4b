"""CPU time and memory of a server: of the process and of all that it started."""
import os


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


class ServerProcess:
    def __init__(self, root):
        self.processes = processes(root)

    def cpu(self):
        """Seconds of CPU since the start, from the scheduler's own count."""
        total = 0
        for process in self.processes:
            for thread in os.listdir(f"/proc/{process}/task"):
                try:
                    with open(f"/proc/{process}/task/{thread}/schedstat") as file:
                        total += int(file.read().split()[0])
                except OSError:
                    continue
        return total / 1e9

    def memory(self):
        """Bytes, with what processes share counted once."""
        total = 0
        for process in self.processes:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        return total * 1024
