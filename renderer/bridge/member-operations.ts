/** What can be done to members and to the links between them. */
import { type Groups, groupsText } from '../format/groups.ts';
import type { MemberOperation } from '../store/operation.ts';
import { selectMembers } from '../store/selectors.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';
import type { Operations } from './operations.ts';
import type { Tracker } from './tracker.ts';

/** The operations on members, over this channel. */
export function memberOperations(options: {
  readonly store: Store;
  readonly channel: Channel;
  readonly tracker: Tracker;
}): Pick<Operations, 'operateMember' | 'partition' | 'heal'> {
  const { store, channel, tracker } = options;

  function cut(groups: Groups) {
    const mutable = groups.map((group) => [...group]);
    return channel.command('partition', { groups: mutable });
  }

  function run(operation: MemberOperation, member: number) {
    switch (operation) {
      case 'isolate': {
        const others = selectMembers(store.getState()).flatMap(({ id }) => (id === member ? [] : [id]));
        return cut(others.length === 0 ? [[member]] : [[member], others]);
      }
      case 'transfer':
        return channel.command('action.run', { action: { kind: 'transfer', to: member } });
      case 'snapshot':
        return channel.command('action.run', { action: { kind: 'snapshot', member } });
      case 'replace':
        // It goes on behind this answer: the timeline and the health tell how.
        return channel.command('change.begin', { change: { kind: 'replace', member } });
      default:
        return channel.command(`member.${operation}`, { member });
    }
  }

  return {
    operateMember(operation, member) {
      void tracker.track<unknown>({ kind: 'member', operation, member }, () => run(operation, member));
    },
    partition(groups) {
      void tracker.track({ kind: 'partition', groups: groupsText(groups) }, () => cut(groups));
    },
    heal() {
      void tracker.track({ kind: 'heal' }, () => channel.command('heal', {}));
    },
  };
}
