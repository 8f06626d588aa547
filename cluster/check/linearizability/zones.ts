/**
 * Decides in n log n steps a history of reads and writes in which no value is written twice: every read then tells
 * which write it saw (Gibbons and Korach, "Testing Shared Memories", 1997, for the case of a known read mapping).
 *
 * A write and its reads form a cluster. Its zone lies between the first return and the last call in it. Where the
 * first return comes before the last call, the value must be there all along from one to the other: a forward zone.
 */
import { anyState } from '../models/model.ts';
import { isReturn, operationOf, type Problem } from './problem.ts';

export type Zoning =
  /** There is a value written twice, or an operation that is neither a read nor a write. */
  | { readonly kind: 'inapplicable' }
  | { readonly kind: 'linearizable' }
  /** `event`: a place in the history from which the contradiction can be seen. */
  | { readonly kind: 'contradiction'; readonly event: number };

interface Cluster {
  writeCall: number;
  firstReturn: number;
  lastCall: number;
  isWritten: boolean;
  isRead: boolean;
  isRequired: boolean;
}

interface Zone {
  readonly from: number;
  readonly to: number;
}

export function zone(problem: Problem): Zoning {
  const clusters = clustersOf(problem);
  if (clusters === null) return { kind: 'inapplicable' };
  const forward: Zone[] = [];
  const backward: Zone[] = [];
  for (const { writeCall, firstReturn, lastCall, isWritten, isRead, isRequired } of clusters) {
    if (!isRead && !isRequired) continue;
    if (!isWritten || firstReturn < writeCall) return { kind: 'contradiction', event: firstReturn };
    if (firstReturn < lastCall) forward.push({ from: firstReturn, to: lastCall });
    else backward.push({ from: lastCall, to: firstReturn });
  }
  return judgeZones(forward, backward);
}

/** No two values may have to be there at once, nor one value come and go while another has to stay. */
function judgeZones(forward: Zone[], backward: readonly Zone[]): Zoning {
  forward.sort((a, b) => a.from - b.from);
  for (const [at, next] of forward.slice(1).entries()) {
    const earlier = forward[at] as Zone;
    if (next.from < earlier.to) return { kind: 'contradiction', event: next.from };
  }
  for (const inner of backward) {
    const outer = lastBefore(forward, inner.from);
    if (outer !== undefined && inner.to < outer.to) return { kind: 'contradiction', event: inner.to };
  }
  return { kind: 'linearizable' };
}

/** The zone that begins last of those that begin before `at`. */
function lastBefore(sorted: readonly Zone[], at: number): Zone | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Zone).from < at) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}

/** The clusters by value; null when the theorem does not apply. */
function clustersOf({ automaton, events, optional, initials }: Problem): Iterable<Cluster> | null {
  const clusters = new Map<number, Cluster>();
  const clusterOf = (state: number): Cluster => {
    const known = clusters.get(state);
    if (known !== undefined) return known;
    const none = { writeCall: -1, firstReturn: Number.POSITIVE_INFINITY, lastCall: -1 };
    const made = { ...none, isWritten: false, isRead: false, isRequired: false };
    clusters.set(state, made);
    return made;
  };
  const [initial, ...others] = initials;
  if (initial === undefined || others.length > 0) return null;
  // The first value is as if written before everything.
  Object.assign(clusterOf(initial), { isWritten: true, firstReturn: -1 });
  for (const [at, event] of events.entries()) {
    const operation = operationOf(event);
    const { reads, blind, needs, gives } = automaton.traits[operation] as (typeof automaton.traits)[number];
    if (reads && optional[operation]) continue;
    if (!(reads && needs !== anyState) && !(blind && gives !== anyState)) return null;
    const cluster = clusterOf(gives);
    if (isReturn(event)) {
      cluster.firstReturn = Math.min(cluster.firstReturn, at);
      continue;
    }
    cluster.lastCall = at;
    if (reads) cluster.isRead = true;
    else {
      if (cluster.isWritten) return null;
      Object.assign(cluster, { isWritten: true, writeCall: at, isRequired: !optional[operation] });
    }
  }
  return clusters.values();
}
