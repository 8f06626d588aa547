"""The example every ZooKeeper tutorial opens with, in kazoo: create, watch, set, delete, close."""

import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NoAuthError
from kazoo.security import make_digest_acl


def main(servers):
    zk = KazooClient(hosts=servers)
    zk.start()
    print("created", zk.create("/example", b"hello world"))
    watched = threading.Event()

    def on_event(event):
        print("event", event.type, event.path)
        watched.set()

    first = zk.exists("/example", watch=on_event)
    second = zk.set("/example", b"hello zookeeper", version=first.version)
    watched.wait(10)
    data, stat = zk.get("/example")
    print("data", data.decode(), "version", stat.version)
    try:
        zk.delete("/example", version=first.version)
    except BadVersionError:
        print("refused BadVersion")
    zk.delete("/example", version=second.version)
    print("exists", zk.exists("/example") is not None)
    features(zk, servers)
    zk.stop()
    zk.close()
    print("closed")


def features(zk, servers):
    transaction = zk.transaction()
    transaction.create("/transaction", b"a")
    transaction.set_data("/transaction", b"b", version=0)
    transaction.check("/transaction", 1)
    print("transaction", [type(result).__name__ for result in transaction.commit()])
    print("synced", zk.sync("/transaction"))
    print("children", sorted(name for name in zk.get_children("/") if name != "zookeeper"))
    print("with stat", zk.get_children("/transaction", include_data=True)[1].version)
    zk.create("/guarded", b"secret", acl=[make_digest_acl("alice", "secret", all=True)])
    try:
        zk.get("/guarded")
    except NoAuthError:
        print("refused NoAuth")
    alice = KazooClient(hosts=servers, auth_data=[("digest", "alice:secret")])
    alice.start()
    print("as alice", alice.get("/guarded")[0].decode())
    alice.stop()
    alice.close()


main(sys.argv[1])
