/** Operations in words. */
import { unreachable } from '../../../cluster/base/assert.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { MemberOperation, Operation } from '../../store/operation.ts';

/** What was asked for. */
export function operationSentence(t: Translate, operation: Operation): string {
  switch (operation.kind) {
    case 'member':
      return t(memberSentences[operation.operation], { member: operation.member });
    case 'partition':
      return t('notice.partition', { groups: operation.groups });
    case 'heal':
      return t('notice.heal');
    case 'znode.create':
      return t('notice.create', { path: operation.path });
    case 'znode.set':
      return t('notice.set', { path: operation.path });
    case 'znode.delete':
      return t('notice.delete', { path: operation.path });
    case 'subtree.delete':
      return t('notice.deleteSubtree', { path: operation.path });
    default:
      return unreachable(operation);
  }
}

const memberSentences = {
  start: 'notice.member.start',
  stop: 'notice.member.stop',
  kill: 'notice.member.kill',
  pause: 'notice.member.pause',
  resume: 'notice.member.resume',
  restart: 'notice.member.restart',
  isolate: 'notice.member.isolate',
  transfer: 'notice.member.transfer',
  snapshot: 'notice.member.snapshot',
  replace: 'notice.member.replace',
} as const satisfies Record<MemberOperation, string>;
