/** Reading and writing znodes. */
import type { ZnodeValue, ZnodeWatch } from '../../cluster/api/znode.ts';
import { encodeBytes } from '../format/bytes.ts';
import type { Store } from '../store/store.ts';
import { isPageWanted, pageSize } from '../store/tree.ts';
import { type Draft, draftBytes } from '../store/znode-edit.ts';
import type { Channel } from './channel.ts';
import { inflate } from './gunzip.ts';
import type { Operations } from './operations.ts';
import { countSubtree, deletePaths } from './subtree.ts';
import type { Tracker } from './tracker.ts';

type ZnodeOperations = Pick<
  Operations,
  'loadPage' | 'createZnode' | 'deleteZnode' | 'countSubtree' | 'deleteSubtree' | 'commitDraft' | 'inflate'
>;

interface Parts {
  readonly store: Store;
  readonly channel: Channel;
  readonly tracker: Tracker;
}

/** The operations on znodes, over this channel. */
export function znodeOperations(parts: Parts): ZnodeOperations {
  const { store, channel, tracker } = parts;
  return {
    loadPage(path, page) {
      if (isPageWanted(store.getState().tree.directories.get(path), page)) void loadPage(parts, path, page);
    },
    async createZnode({ path, data, mode }) {
      const created = await tracker.track({ kind: 'znode.create', path }, () =>
        channel.command('znode.create', { path, data: encodeBytes(data), mode, acl: null }),
      );
      return created.ok ? created.value.path : null;
    },
    deleteZnode({ path, stat: { version } }: ZnodeValue) {
      void tracker.track({ kind: 'znode.delete', path }, () =>
        channel.command('znode.delete', { path, version }),
      );
    },
    countSubtree: (path, listener) => countSubtree(channel, path, listener),
    deleteSubtree(path, paths) {
      void tracker.track({ kind: 'subtree.delete', path }, (progress) =>
        deletePaths(channel, paths, progress),
      );
    },
    commitDraft(path) {
      const draft = store.getState().drafts.get(path);
      if (draft !== undefined) void commit(parts, path, draft);
    },
    inflate(base64, bytes) {
      void inflate(bytes).then((inflated) =>
        store.dispatch({ kind: 'gzip.inflated', base64, bytes: inflated }),
      );
    },
  };
}

async function loadPage({ store, channel }: Parts, path: string, page: number): Promise<void> {
  store.dispatch({ kind: 'page.requested', path, page });
  const input = { path, offset: page * pageSize, limit: pageSize, detail: 'stats' } as const;
  const answer = await channel.command('znode.children', input);
  if (answer.ok) store.dispatch({ kind: 'page.loaded', page, content: answer.value });
  else store.dispatch({ kind: 'page.failed', path, page, failure: answer.error });
}

/** Writes the draft against the version it is based on; a conflict brings what is there now beside it. */
async function commit({ store, channel, tracker }: Parts, path: string, draft: Draft): Promise<void> {
  const bytes = draftBytes(draft);
  if (bytes === null) return;
  store.dispatch({ kind: 'edit.submitted', path });
  const { version } = draft.base.stat;
  const written = await channel.command('znode.set', { path, data: encodeBytes(bytes), version });
  if (written.ok) {
    store.dispatch({ kind: 'edit.committed', path });
    await tracker.track({ kind: 'znode.set', path }, async () => written);
    return;
  }
  if (written.error.code !== 'badVersion' && written.error.code !== 'noNode') {
    store.dispatch({ kind: 'edit.failed', path, failure: written.error });
    return;
  }
  const current = await channel.command('znode.get', { path });
  if (current.ok) {
    const theirs: ZnodeWatch = { kind: 'present', value: current.value };
    store.dispatch({ kind: 'edit.conflicted', path, theirs });
  } else if (current.error.code === 'noNode') {
    store.dispatch({ kind: 'edit.conflicted', path, theirs: { kind: 'absent', path } });
  } else store.dispatch({ kind: 'edit.failed', path, failure: current.error });
}
