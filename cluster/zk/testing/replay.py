"""Replays a scenario (JSON on standard input) against a real ZooKeeper with kazoo, one step at a
time, and prints what it answered (JSON). Requests are built by hand: kazoo's own methods would
refuse or repair the malformed ones."""

import json
import sys

from kazoo.client import KazooClient
from kazoo.exceptions import ZookeeperError
from kazoo.protocol import serialization as wire
from kazoo.retry import KazooRetry
from kazoo.security import ACL, Id

REPLY_TIMEOUT_S = 10
FLAGS = {"persistent": 0, "ephemeral": 1, "persistentSequential": 2, "ephemeralSequential": 3}


def acl_of(entries):
    return [ACL(entry["permissions"], Id(entry["scheme"], entry["id"])) for entry in entries]


def request_of(step):
    kind, path = step["kind"], step.get("path")
    if kind == "create":
        record = wire.Create2 if step["wantsStat"] else wire.Create
        return record(path, step["data"].encode(), acl_of(step["acl"]), FLAGS[step["mode"]])
    if kind == "delete":
        return wire.Delete(path, step["version"])
    if kind == "setData":
        return wire.SetData(path, step["data"].encode(), step["version"])
    if kind == "setAcl":
        return wire.SetACL(path, acl_of(step["acl"]), step["version"])
    if kind == "check":
        return wire.CheckVersion(path, step["version"])
    if kind == "multi":
        return wire.Transaction([request_of(part) for part in step["parts"]])
    if kind == "exists":
        return wire.Exists(path, None)
    if kind == "getData":
        return wire.GetData(path, None)
    if kind == "getAcl":
        return wire.GetACL(path)
    if kind == "getChildren":
        return (wire.GetChildren2 if step["withStat"] else wire.GetChildren)(path, None)
    raise ValueError(kind)


def stat_of(stat):
    return {
        "czxid": stat.czxid,
        "mzxid": stat.mzxid,
        "pzxid": stat.pzxid,
        "version": stat.version,
        "cversion": stat.cversion,
        "aversion": stat.aversion,
        "ephemeralOwner": str(stat.ephemeralOwner),
        "dataLength": stat.dataLength,
        "numChildren": stat.numChildren,
    }


def error_of(error):
    return {"kind": "rolledBack"} if error.code == 0 else {"kind": "error", "code": error.code}


def part_of(kind, result):
    if isinstance(result, ZookeeperError):
        return error_of(result)
    return answer_of({"kind": kind, "wantsStat": False}, result)


def answer_of(step, result):
    kind = step["kind"]
    if kind == "create":
        path, stat = (result[0], stat_of(result[1])) if step["wantsStat"] else (result, None)
        return {"kind": "created", "path": path, "stat": stat}
    if kind == "delete":
        return {"kind": "deleted"}
    if kind == "check":
        return {"kind": "checked"}
    if kind == "multi":
        kinds = [part["kind"] for part in step["parts"]]
        return {"kind": "multi", "parts": [part_of(k, r) for k, r in zip(kinds, result)]}
    if kind == "getData":
        return {"kind": "data", "data": result[0].decode(), "stat": stat_of(result[1])}
    if kind == "getAcl":
        acl = [{"permissions": a.perms, "scheme": a.id.scheme, "id": a.id.id} for a in result[0]]
        return {"kind": "acl", "acl": acl, "stat": stat_of(result[1])}
    if kind == "getChildren":
        names, stat = (result[0], stat_of(result[1])) if step["withStat"] else (result, None)
        return {"kind": "children", "names": sorted(names), "stat": stat}
    if result is None:  # how kazoo says that `exists` found nothing
        return {"kind": "error", "code": -101}
    return {"kind": "stat", "stat": stat_of(result)}


def call(client, step):
    pending = client.handler.async_result()
    client._call(request_of(step), pending)
    try:
        return answer_of(step, pending.get(timeout=REPLY_TIMEOUT_S))
    except ZookeeperError as error:
        return error_of(error)


def open_client(hosts):
    client = KazooClient(hosts=hosts, timeout=30, connection_retry=KazooRetry(max_tries=50))
    client.start(timeout=REPLY_TIMEOUT_S)
    return client


def main():
    scenario = json.load(sys.stdin)
    clients, answers = {}, []
    for step in scenario["steps"]:
        kind, name = step["kind"], step["client"]
        if kind == "open":
            clients[name] = open_client(scenario["hosts"])
            answers.append({"kind": "opened", "session": str(clients[name].client_id[0])})
        elif kind == "close":
            clients[name].stop()
            clients[name].close()
            answers.append({"kind": "closed"})
        elif kind == "auth":
            clients[name].add_auth("digest", step["credential"])
            answers.append({"kind": "authenticated"})
        else:
            answers.append(call(clients[name], step["request"]))
    for client in clients.values():
        client.stop()
        client.close()
    json.dump(answers, sys.stdout)


main()
