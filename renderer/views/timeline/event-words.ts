/** Events in words, and where each leads. Their particulars are in event-particulars.ts. */
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import type { LabelKey, Translate } from '../../i18n/translate.ts';
import type { Route } from '../../store/route.ts';

/** Sentences that only name the member. */
const memberSentences = {
  membershipChanged: 'event.membershipChanged',
  changeBegun: 'event.changeBegun',
  changeFinished: 'event.changeFinished',
  changeFailed: 'event.changeFailed',
  changeInterrupted: 'event.changeInterrupted',
  changeAbandoned: 'event.changeAbandoned',
  leadershipTransferred: 'event.leadershipTransferred',
  transferGivenUp: 'event.transferGivenUp',
  snapshotTaken: 'event.snapshotTaken',
  snapshotFailed: 'event.snapshotFailed',
  snapshotInstalled: 'event.snapshotInstalled',
  compacted: 'event.compacted',
  repairStarted: 'event.repairStarted',
  repaired: 'event.repaired',
  diskFull: 'event.diskFull',
  diskFailing: 'event.diskFailing',
  diskRecovered: 'event.diskRecovered',
  diskFaultsSet: 'event.diskFaultsSet',
  diverged: 'event.diverged',
  fenced: 'event.fenced',
} as const satisfies Partial<Record<TimelineEvent['kind'], string>>;

/** What happened, without its particulars. */
export function eventSentence(t: Translate, { kind, member: about, facts }: TimelineEvent): string {
  const member = about ?? 0;
  switch (kind) {
    case 'ensembleStarted':
      return t('event.ensembleStarted');
    case 'ensembleStopped':
      return t('event.ensembleStopped');
    case 'memberStarted':
      return t('event.memberStarted', { member });
    case 'memberStopped':
      return t('event.memberStopped', { member });
    case 'memberKilled':
      return t('event.memberKilled', { member });
    case 'memberCrashed':
      return t('event.memberCrashed', { member });
    case 'memberPaused':
      return t('event.memberPaused', { member });
    case 'memberResumed':
      return t('event.memberResumed', { member });
    case 'memberBecameLeader':
      return t('event.memberBecameLeader', { member });
    case 'memberSteppedDown':
      return t('event.memberSteppedDown', { member });
    case 'electionStarted':
      return t('event.electionStarted', { member });
    case 'leaderLost':
      return about === null ? t('event.leaderLost') : t('event.leaderLostMember', { member });
    case 'leaderElected':
      return t('event.leaderElected', { member });
    case 'partitioned':
      return t('event.partitioned');
    case 'healed':
      return t('event.healed');
    case 'healthChanged':
      return healthChange(t, facts['level']);
    case 'znodeCreated':
      return t('event.znodeCreated');
    case 'znodeChanged':
      return t('event.znodeChanged');
    case 'znodeDeleted':
      return t('event.znodeDeleted');
    case 'tailCut':
      return t('event.tailCut', { member });
    default:
      return t(memberSentences[kind], { member });
  }
}

/** What the event is about; null when it is about the whole. */
export function eventRoute({ member, facts }: TimelineEvent): Route | null {
  const path = facts['path'];
  if (typeof path === 'string' && path.startsWith('/')) return { screen: 'znodes', path };
  return member === null ? null : { screen: 'overview', member };
}

const levels = new Map<unknown, LabelKey>([
  ['healthy', 'level.healthy'],
  ['degraded', 'level.degraded'],
  ['noQuorum', 'level.noQuorum'],
  ['stopped', 'level.stopped'],
]);

function healthChange(t: Translate, level: unknown): string {
  const label = levels.get(level);
  return label === undefined ? t('event.healthChanged') : t('event.healthChangedTo', { level: t(label) });
}
