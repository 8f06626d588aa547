/**
 * Branded identifiers: a term never stands in for an index. Each is made in one place, here, and
 * arithmetic on one has a name.
 */
import { assert } from './assert.ts';

declare const brand: unique symbol;
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

/** Number of a member, 1 to 255, unique in its ensemble (`server.N` in ZooKeeper's configuration). */
export type MemberId = Brand<number, 'MemberId'>;

/** Raft term (§5.1). 0 stands for "before the first election". */
export type Term = Brand<number, 'Term'>;

/** Position in the log. 1-based; 0 stands for "before the first entry". */
export type LogIndex = Brand<number, 'LogIndex'>;

/**
 * ZooKeeper transaction id: `term × 2³² + counter within the term` (DESIGN.md 5.3), a safe integer
 * because the term stays below 2²¹.
 */
export type Zxid = Brand<number, 'Zxid'>;

/**
 * ZooKeeper session id. Muster names a session by the zxid of the entry that created it: unique,
 * ordered, the same on every member, and a safe integer, so that no request needs a BigInt.
 * 0 stands for "no session yet".
 */
export type SessionId = Brand<number, 'SessionId'>;

/**
 * One life of one data directory: 48 random bits as a safe integer, drawn when the directory is
 * initialised. Two directories never share it, even under the same member id.
 */
export type Incarnation = Brand<number, 'Incarnation'>;

/** Identity of an ensemble: 48 random bits as a safe integer, the same in all its data directories. */
export type ClusterId = Brand<number, 'ClusterId'>;

const memberIdMax = 255;
const termLimit = 2 ** 21;
const zxidCounterLimit = 2 ** 32;
const idLimit = 2 ** 48;

export function memberId(value: number): MemberId {
  assert(Number.isInteger(value) && value >= 1 && value <= memberIdMax, 'not a member id', { value });
  return value as MemberId;
}

export function term(value: number): Term {
  assert(Number.isInteger(value) && value >= 0 && value < termLimit, 'not a term', { value });
  return value as Term;
}

export function nextTerm(current: Term): Term {
  return term(current + 1);
}

export function logIndex(value: number): LogIndex {
  assert(Number.isSafeInteger(value) && value >= 0, 'not a log index', { value });
  return value as LogIndex;
}

export function nextIndex(index: LogIndex): LogIndex {
  return logIndex(index + 1);
}

export function previousIndex(index: LogIndex): LogIndex {
  return logIndex(index - 1);
}

export function zxid(value: number): Zxid {
  assert(Number.isSafeInteger(value) && value >= 0, 'not a zxid', { value });
  return value as Zxid;
}

/** The zxid of the `counter`-th entry of a term. */
export function zxidOf(epoch: Term, counter: number): Zxid {
  assert(counter >= 0 && counter < zxidCounterLimit, 'zxid counter overflow', { epoch, counter });
  return (epoch * zxidCounterLimit + counter) as Zxid;
}

export function sessionId(value: number): SessionId {
  assert(Number.isSafeInteger(value) && value >= 0, 'not a session id', { value });
  return value as SessionId;
}

export function incarnation(value: number): Incarnation {
  assert(Number.isInteger(value) && value >= 0 && value < idLimit, 'not an incarnation', { value });
  return value as Incarnation;
}

export function clusterId(value: number): ClusterId {
  assert(Number.isInteger(value) && value >= 0 && value < idLimit, 'not a cluster id', { value });
  return value as ClusterId;
}

/** Hexadecimal form of an id, as ZooKeeper prints zxids and session ids: `0x100000003`. */
export function hex(id: number): string {
  return `0x${id.toString(16)}`;
}
