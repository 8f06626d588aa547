/** Role and process of a member as words with a sign. */
import {
  CircleDashed,
  CircleHelp,
  CircleX,
  Crown,
  LoaderCircle,
  Pause,
  Square,
  Vote,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { MemberRole, MemberView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { Tag, type Tone } from '../../ui/tag.tsx';
import { conditionLabels, isCurrent, type MemberCondition } from '../member-state.ts';

const roles: Readonly<Record<MemberRole, { readonly tone: Tone; readonly icon: ReactNode }>> = {
  leader: { tone: 'accent', icon: <Crown size="0.75rem" aria-hidden /> },
  follower: { tone: 'ok', icon: <Workflow size="0.75rem" aria-hidden /> },
  candidate: { tone: 'warn', icon: <Vote size="0.75rem" aria-hidden /> },
  preCandidate: { tone: 'warn', icon: <CircleDashed size="0.75rem" aria-hidden /> },
};

/** The role; of a member that cannot be asked, the one it reported last, marked as not known. */
export function RoleTag(props: {
  readonly condition: MemberCondition;
  readonly lastRole: MemberRole | null;
}) {
  const t = useTranslate();
  const { condition, lastRole } = props;
  if (lastRole === null || !isCurrent(condition)) {
    return (
      <Tag tone="idle" icon={<CircleHelp size="0.75rem" aria-hidden />}>
        {t('role.unknown')}
      </Tag>
    );
  }
  const { tone, icon } = roles[lastRole];
  return (
    <Tag tone={tone} icon={icon}>
      {t(conditionLabels[lastRole])}
    </Tag>
  );
}

/** Where it stands in the ensemble, and what troubles it: nothing for a voter without trouble. */
export function StandingTags({ member }: { readonly member: MemberView }) {
  const t = useTranslate();
  const { standing, report } = member;
  return (
    <>
      {standing !== 'voter' && (
        <Tag tone={standing === 'lost' ? 'bad' : 'idle'}>{t(standings[standing])}</Tag>
      )}
      {report?.repairing === true && <Tag tone="warn">{t('trouble.repairing')}</Tag>}
      {report !== null && report.fenced !== null && <Tag tone="bad">{t('trouble.fenced')}</Tag>}
      {report !== null && report.disk.kind !== 'ok' && <Tag tone="bad">{t(disks[report.disk.kind])}</Tag>}
    </>
  );
}

const standings = {
  making: 'standing.making',
  joining: 'standing.joining',
  learner: 'standing.learner',
  lost: 'standing.lost',
} as const satisfies Record<Exclude<MemberView['standing'], 'voter'>, string>;

const disks = { full: 'trouble.diskFull', failing: 'trouble.diskFailing' } as const;

const signs: Readonly<Partial<Record<MemberCondition, ReactNode>>> = {
  crashed: <CircleX size="0.875rem" className="text-bad" aria-hidden />,
  paused: <Pause size="0.875rem" className="text-warn" aria-hidden />,
  silent: <CircleHelp size="0.875rem" className="text-warn" aria-hidden />,
  stopped: <Square size="0.875rem" className="text-ink-3" aria-hidden />,
  starting: (
    <LoaderCircle size="0.875rem" className="animate-[turn_1s_linear_infinite] text-ink-3" aria-hidden />
  ),
  stopping: (
    <LoaderCircle size="0.875rem" className="animate-[turn_1s_linear_infinite] text-ink-3" aria-hidden />
  ),
};

export function ProcessTag(props: { readonly member: MemberView; readonly condition: MemberCondition }) {
  const t = useTranslate();
  const { member, condition } = props;
  const { process } = member;
  const word = condition === 'silent' ? t('process.silent') : t(processLabels[process.kind]);
  return (
    <span className="flex items-center gap-1.5">
      {signs[condition] ?? <span className="size-2 rounded-full bg-ok" aria-hidden />}
      {word}
      <span className="font-mono text-xs text-ink-3">
        {'pid' in process && process.pid}
        {process.kind === 'crashed' && (process.signal ?? t('process.exit', { code: process.exitCode ?? 0 }))}
      </span>
    </span>
  );
}

const processLabels = {
  up: 'process.up',
  starting: 'process.starting',
  stopping: 'process.stopping',
  stopped: 'process.stopped',
  paused: 'process.paused',
  crashed: 'process.crashed',
} as const satisfies Record<MemberView['process']['kind'], string>;
