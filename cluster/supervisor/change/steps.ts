/** Which steps a change takes, in order. */
import type { ChangeKind, ChangeStep } from '../../api/changes.ts';
import { unreachable } from '../../base/assert.ts';

export interface ChangeShape {
  readonly kind: ChangeKind;
  /** Whether the member is to be a voter in the end. */
  readonly promote: boolean;
}

const leaving = ['handOver', 'removeSeat', 'stopProcess', 'archive'] as const;
const entering = ['makeDirectory', 'introduce', 'addLearner'] as const;
const promoting = ['catchUp', 'promote'] as const;

export function stepsOf({ kind, promote }: ChangeShape): readonly ChangeStep[] {
  switch (kind) {
    case 'add':
      return promote ? [...entering, ...promoting] : entering;
    case 'promote':
      return promoting;
    case 'remove':
      return leaving;
    case 'replace':
      return promote ? [...leaving, ...entering, ...promoting] : [...leaving, ...entering];
    default:
      return unreachable(kind);
  }
}
