"""Writes numbered znodes as fast as they are answered, and tells what its client noticed.

On a line of input it prints a report as JSON, and starts a new measure of the longest pause.
"""

import json
import sys
import threading
import time

from kazoo.client import KazooClient


def main(servers, folder):
    states = []
    zk = KazooClient(hosts=servers, timeout=10)
    zk.start()
    zk.add_listener(lambda state: states.append(str(state)))
    zk.ensure_path(folder)
    written = []
    failures = []
    measure = {"pause_ms": 0}
    stopping = threading.Event()

    def write():
        last = time.monotonic()
        while not stopping.is_set():
            number = len(written)
            try:
                written.append(zk.create(folder + "/n-", str(number).encode(), sequence=True))
            except Exception as failure:  # whatever it is, it must not happen
                failures.append(repr(failure))
                return
            now = time.monotonic()
            measure["pause_ms"] = max(measure["pause_ms"], (now - last) * 1000)
            last = now

    writing = threading.Thread(target=write)
    writing.start()
    print("writing")
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        report(written, states, failures, measure)
        measure["pause_ms"] = 0
    stopping.set()
    writing.join()
    report(written, states, failures, measure)
    check(zk, folder, written)
    zk.stop()
    zk.close()


def report(written, states, failures, measure):
    facts = {"written": len(written), "states": list(states), "failures": list(failures)}
    print("report", json.dumps(dict(facts, pauseMs=round(measure["pause_ms"]))))


def check(zk, folder, written):
    """Every znode was written once, in order, and holds its number."""
    zk.sync(folder)
    names = sorted(zk.get_children(folder))
    expected = ["n-%010d" % number for number in range(len(written))]
    print("names as expected", names == expected)
    print("answers as expected", written == [folder + "/" + name for name in expected])
    wrong = [name for name in names if zk.get(folder + "/" + name)[0] != str(int(name[2:])).encode()]
    print("wrong data", wrong)


main(sys.argv[1], sys.argv[2])
