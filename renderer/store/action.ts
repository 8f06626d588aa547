/** Everything that can happen, in the past tense, with when it happened: the only input of the state. */
import type { EnsembleView } from '../../cluster/api/ensemble.ts';
import type { LogPage } from '../../cluster/api/log.ts';
import type { TimelineEvent } from '../../cluster/api/timeline.ts';
import type {
  ChildrenPage,
  ChildrenWatch,
  ZnodeAcl,
  ZnodeValue,
  ZnodeWatch,
} from '../../cluster/api/znode.ts';
import type { Failure } from './failure.ts';
import type { Operation } from './operation.ts';
import type { PreferenceChange } from './preference.ts';
import type { Route } from './route.ts';
import type { TimelineFilter } from './timeline-filter.ts';

/** Times are wall milliseconds on the server's clock. */
export type Action =
  | { readonly kind: 'clock.ticked'; readonly nowMs: number }
  | { readonly kind: 'connection.tokenMissed' }
  | { readonly kind: 'connection.refused' }
  | {
      readonly kind: 'connection.opened';
      readonly instance: string;
      readonly dataFolder: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'connection.lost';
      readonly closing: boolean;
      readonly retryAtMs: number;
      readonly atMs: number;
    }
  | { readonly kind: 'route.changed'; readonly route: Route }
  | { readonly kind: 'preference.changed'; readonly change: PreferenceChange }
  | { readonly kind: 'systemTheme.changed'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'shortcuts.toggled'; readonly open: boolean }
  // The ensemble and its history.
  | { readonly kind: 'ensemble.seen'; readonly ensemble: EnsembleView; readonly atMs: number }
  | { readonly kind: 'timeline.replaced'; readonly events: readonly TimelineEvent[]; readonly missed: number }
  | { readonly kind: 'timeline.continued'; readonly events: readonly TimelineEvent[] }
  | { readonly kind: 'timeline.filtered'; readonly filter: TimelineFilter }
  // Commands and what became of them.
  | {
      readonly kind: 'operation.started';
      readonly id: number;
      readonly operation: Operation;
      readonly atMs: number;
    }
  | {
      readonly kind: 'operation.progressed';
      readonly id: number;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'operation.finished'; readonly id: number; readonly atMs: number }
  | {
      readonly kind: 'operation.failed';
      readonly id: number;
      readonly failure: Failure;
      readonly atMs: number;
    }
  | { readonly kind: 'notice.dismissed'; readonly id: number }
  // The tree of znodes.
  | { readonly kind: 'directory.expanded'; readonly path: string }
  | { readonly kind: 'directory.collapsed'; readonly path: string }
  | { readonly kind: 'directory.refreshed'; readonly path: string }
  | { readonly kind: 'directory.watched'; readonly watch: ChildrenWatch }
  | { readonly kind: 'directory.troubled'; readonly path: string; readonly failure: Failure }
  | { readonly kind: 'page.requested'; readonly path: string; readonly page: number }
  | { readonly kind: 'page.loaded'; readonly page: number; readonly content: ChildrenPage }
  | { readonly kind: 'page.failed'; readonly path: string; readonly page: number; readonly failure: Failure }
  // The selected znode.
  | { readonly kind: 'znode.seen'; readonly path: string; readonly znode: ZnodeWatch; readonly atMs: number }
  | { readonly kind: 'znode.troubled'; readonly path: string; readonly failure: Failure }
  | { readonly kind: 'acl.requested'; readonly path: string; readonly aversion: number }
  | {
      readonly kind: 'acl.loaded';
      readonly path: string;
      readonly aversion: number;
      readonly acl: readonly ZnodeAcl[];
    }
  | {
      readonly kind: 'acl.failed';
      readonly path: string;
      readonly aversion: number;
      readonly failure: Failure;
    }
  | {
      readonly kind: 'gzip.inflated';
      readonly base64: string;
      readonly bytes: Uint8Array<ArrayBuffer> | null;
    }
  // Drafts of values.
  | { readonly kind: 'edit.begun'; readonly base: ZnodeValue }
  | { readonly kind: 'edit.typed'; readonly path: string; readonly text: string }
  | { readonly kind: 'edit.reviewed'; readonly path: string }
  | { readonly kind: 'edit.reopened'; readonly path: string }
  | { readonly kind: 'edit.submitted'; readonly path: string }
  | { readonly kind: 'edit.committed'; readonly path: string }
  | { readonly kind: 'edit.discarded'; readonly path: string }
  | { readonly kind: 'edit.conflicted'; readonly path: string; readonly theirs: ZnodeWatch }
  | { readonly kind: 'edit.failed'; readonly path: string; readonly failure: Failure }
  | { readonly kind: 'edit.rebased'; readonly theirs: ZnodeValue }
  // The members' logs.
  | { readonly kind: 'log.replaced'; readonly pages: readonly LogPage[]; readonly atMs: number }
  | { readonly kind: 'log.continued'; readonly page: LogPage; readonly atMs: number }
  | { readonly kind: 'log.requested'; readonly member: number; readonly chunk: number }
  | { readonly kind: 'log.loaded'; readonly chunk: number; readonly page: LogPage }
  | {
      readonly kind: 'log.failed';
      readonly member: number;
      readonly chunk: number;
      readonly failure: Failure;
    }
  | { readonly kind: 'log.followed'; readonly following: boolean };
