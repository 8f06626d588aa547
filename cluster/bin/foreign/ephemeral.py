"""Owns an ephemeral znode until it is killed."""

import sys
import time

from kazoo.client import KazooClient

zk = KazooClient(hosts=sys.argv[1], timeout=4)
zk.start()
zk.create("/mine", ephemeral=True)
print("mine", zk.client_id[0])
time.sleep(600)
