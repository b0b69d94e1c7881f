"""Times psutil, as Debian has it: peer.py WHAT PID...; prints the nanoseconds a call, the median of many."""

import sys
import time

import psutil

what, pids = sys.argv[1], [int(pid) for pid in sys.argv[2:]]
process = psutil.Process(pids[0])


def tree():
    root = psutil.Process(pids[0])
    return [one.memory_info() for one in [root, *root.children(recursive=True)]]


ask = {
    "memory_info": process.memory_info,
    "memory_full_info": process.memory_full_info,
    "batch": lambda: [psutil.Process(pid).memory_info() for pid in pids],
    "tree": tree,
}[what]

ask()
times = []
end = time.perf_counter() + 0.4
while len(times) < 5 or time.perf_counter() < end:
    begin = time.perf_counter_ns()
    ask()
    times.append(time.perf_counter_ns() - begin)
print(sorted(times)[len(times) // 2])
