"""kazoo's recipes, each once, between two clients: lock, election, queue."""

import sys
import threading
import time

from kazoo.client import KazooClient

PATIENCE_S = 20


def main(servers, others):
    first = KazooClient(hosts=servers)
    second = KazooClient(hosts=others)
    first.start()
    second.start()
    lock(first, second)
    election(first, second)
    queue(first, second)
    for zk in (first, second):
        zk.stop()
        zk.close()
    print("closed")


def lock(first, second):
    order = []
    held = first.Lock("/recipes/lock", "first")
    held.acquire(timeout=PATIENCE_S)

    def wait():
        with second.Lock("/recipes/lock", "second"):
            order.append("second")

    waiting = threading.Thread(target=wait)
    waiting.start()
    while len(held.contenders()) < 2:
        time.sleep(0.01)
    print("lock contenders", held.contenders())
    order.append("first")
    held.release()
    waiting.join(PATIENCE_S)
    print("lock order", order)


def election(first, second):
    order = []
    leading = threading.Event()
    retire = threading.Event()

    def lead_first():
        order.append("first")
        leading.set()
        retire.wait(PATIENCE_S)

    one = threading.Thread(target=first.Election("/recipes/election", "first").run, args=(lead_first,))
    one.start()
    leading.wait(PATIENCE_S)
    other = second.Election("/recipes/election", "second")
    two = threading.Thread(target=other.run, args=(lambda: order.append("second"),))
    two.start()
    while len(other.contenders()) < 2:
        time.sleep(0.01)
    retire.set()
    one.join(PATIENCE_S)
    two.join(PATIENCE_S)
    print("election order", order)


def queue(first, second):
    jobs = first.LockingQueue("/recipes/queue")
    for number in range(3):
        jobs.put(str(number).encode(), priority=100 - number)
    # Reads are served by one's own member, which may be behind the other's.
    second.sync("/recipes/queue")
    taken = []
    worker = second.LockingQueue("/recipes/queue")
    for _ in range(3):
        taken.append(worker.get(timeout=PATIENCE_S).decode())
        worker.consume()
    print("queue order", taken)
    plain = first.Queue("/recipes/plain")
    plain.put(b"only")
    print("plain queue", plain.get(), plain.get())


main(sys.argv[1], sys.argv[2])
