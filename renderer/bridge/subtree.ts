/** Counting and deleting whole subtrees with the operations that ZooKeeper has: one znode at a time. */
import { childrenPageMax } from '../../cluster/api/commands.ts';
import { fail, ok, type Result } from '../../cluster/base/result.ts';
import type { Stop } from '../../cluster/base/scope.ts';
import { childPath } from '../format/znode-path.ts';
import type { Failure } from '../store/failure.ts';
import type { Channel } from './channel.ts';
import { type SubtreeCount, subtreeZnodesMax } from './operations.ts';

/** Deletions under way at once; the server takes 64 commands of a client. */
const deletionsMax = 16;

/** Walks the subtree breadth first, parents before children. */
export function countSubtree(channel: Channel, path: string, listener: (count: SubtreeCount) => void): Stop {
  let stopped = false;
  void walk(channel, path, (found) => {
    if (!stopped) listener({ kind: 'counting', found });
    return !stopped;
  }).then((outcome) => {
    if (stopped) return;
    listener(outcome.ok ? { kind: 'counted', ...outcome.value } : { kind: 'failed', failure: outcome.error });
  });
  return () => {
    stopped = true;
  };
}

type Walked = Result<{ readonly paths: readonly string[]; readonly complete: boolean }, Failure>;

async function walk(channel: Channel, root: string, goOn: (found: number) => boolean): Promise<Walked> {
  const paths = [root];
  for (let at = 0; at < paths.length; at += 1) {
    const path = paths[at] ?? root;
    for (let offset = 0, total = 1; offset < total; offset += childrenPageMax) {
      const input = { path, offset, limit: childrenPageMax, detail: 'names' } as const;
      const page = await channel.command('znode.children', input);
      if (!page.ok) {
        if (page.error.code === 'noNode' && path !== root) break;
        return fail(page.error);
      }
      total = page.value.total;
      for (const { name } of page.value.children) paths.push(childPath(path, name));
      if (paths.length > subtreeZnodesMax) return ok({ paths, complete: false });
      if (!goOn(paths.length)) return ok({ paths, complete: false });
    }
  }
  return ok({ paths, complete: true });
}

/**
 * Deletes paths given parents first, so the last level goes first. A znode that is gone already is no
 * failure; one that got children meanwhile is, and what was deleted by then stays deleted.
 */
export async function deletePaths(
  channel: Channel,
  paths: readonly string[],
  progress: (done: number, total: number) => void,
): Promise<Result<null, Failure>> {
  let done = 0;
  for (const level of levelsFromBottom(paths)) {
    for (let at = 0; at < level.length; at += deletionsMax) {
      const batch = level.slice(at, at + deletionsMax);
      const answers = await Promise.all(
        batch.map((path) => channel.command('znode.delete', { path, version: -1 })),
      );
      for (const answer of answers) if (!answer.ok && answer.error.code !== 'noNode') return answer;
      done += batch.length;
      progress(done, paths.length);
    }
  }
  return ok(null);
}

function levelsFromBottom(paths: readonly string[]): readonly (readonly string[])[] {
  const levels = new Map<number, string[]>();
  for (const path of paths) {
    const depth = path.split('/').length;
    levels.set(depth, [...(levels.get(depth) ?? []), path]);
  }
  return [...levels.entries()].sort(([a], [b]) => b - a).map(([, level]) => level);
}
