/** Health in words: the one sentence, and each reason with what it is about. */
import type { Health, HealthReason } from '../../../cluster/api/ensemble.ts';
import { unreachable } from '../../../cluster/base/assert.ts';
import { stopwatch } from '../../format/time.ts';
import type { Translate } from '../../i18n/translate.ts';
import { overviewRoute, type Route } from '../../store/route.ts';

/** The sentence of the top bar. */
export function healthSentence(t: Translate, health: Health, nowMs: number): string {
  const { level, working, total, tolerance } = health;
  switch (level) {
    case 'healthy':
      return t('health.healthy', { working, total, tolerance });
    case 'degraded':
      return t('health.degraded', { working, total, tolerance });
    case 'noQuorum':
      return t('health.noQuorum', { working, total, span: stopwatch(nowMs - health.sinceMs) });
    case 'stopped':
      return t('health.stopped', { total });
    default:
      return unreachable(level);
  }
}

type DownState = Extract<HealthReason, { kind: 'memberDown' }>['state'];
const downSentences = {
  stopped: 'health.reason.stopped',
  starting: 'health.reason.starting',
  stopping: 'health.reason.stopping',
  crashed: 'health.reason.crashed',
} as const satisfies Record<DownState, string>;

const diskSentences = {
  full: 'health.reason.diskFull',
  failing: 'health.reason.diskFailing',
} as const satisfies Record<Extract<HealthReason, { kind: 'diskTrouble' }>['disk'], string>;

/** One reason as a sentence. */
export function reasonSentence(t: Translate, reason: HealthReason): string {
  switch (reason.kind) {
    case 'noQuorum':
      return t('health.reason.noQuorum', { working: reason.working, needed: reason.needed });
    case 'noLeader':
      return t('health.reason.noLeader');
    case 'memberDown':
      return t(downSentences[reason.state], { member: reason.member });
    case 'memberPaused':
      return t('health.reason.memberPaused', { member: reason.member });
    case 'memberSilent':
      return t('health.reason.memberSilent', { member: reason.member, span: stopwatch(reason.silentMs) });
    case 'memberLagging':
      return t('health.reason.memberLagging', { member: reason.member, count: reason.behind });
    case 'linkCut':
      return t('health.reason.linkCut', { from: reason.from, to: reason.to });
    case 'diverged':
      return t('health.reason.diverged', { member: reason.member, index: reason.index });
    case 'memberLost':
      return t('health.reason.memberLost', { member: reason.member });
    case 'memberRepairing':
      return t('health.reason.memberRepairing', { member: reason.member });
    case 'memberFenced':
      return t('health.reason.memberFenced', { member: reason.member });
    case 'diskTrouble':
      return t(diskSentences[reason.disk], { member: reason.member });
    case 'changeUnfinished':
      return t('health.reason.changeUnfinished', { member: reason.member });
    default:
      return unreachable(reason);
  }
}

/** Where a reason can be looked at. */
export function reasonRoute(reason: HealthReason): Route {
  switch (reason.kind) {
    case 'memberDown':
    case 'memberPaused':
    case 'memberSilent':
    case 'memberLost':
    case 'memberRepairing':
    case 'memberFenced':
    case 'diskTrouble':
    case 'changeUnfinished':
      return { screen: 'overview', member: reason.member };
    case 'memberLagging':
      return { screen: 'log', index: null, member: reason.member };
    case 'diverged':
      return { screen: 'log', index: reason.index, member: reason.member };
    case 'linkCut':
      return { screen: 'overview', member: reason.from };
    case 'noQuorum':
    case 'noLeader':
      return overviewRoute;
    default:
      return unreachable(reason);
  }
}
