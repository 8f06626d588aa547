// biome-ignore-all lint/a11y/useSemanticElements: table elements cannot be placed one by one, so a virtual grid says its roles.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active row.
/** Above each column: the member, where its log stands, and how old that is. */
import { Crown } from 'lucide-react';
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectIsLive, selectMembers, selectNow, selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { conditionLabels, conditionOf, isCurrent } from '../member-state.ts';
import { useAge } from '../use-age.ts';
import { useFormats } from '../use-formats.ts';

export function LogHeader(props: { readonly columns: string; readonly height: number }) {
  const t = useTranslate();
  const members = useSelect(selectMembers);
  return (
    <div
      role="rowgroup"
      className="sticky top-0 z-10 border-b border-line bg-surface"
      style={{ height: props.height }}
    >
      <div role="row" className="grid h-full items-stretch" style={{ gridTemplateColumns: props.columns }}>
        <div
          role="columnheader"
          className="sticky left-0 flex items-end justify-end bg-surface px-3 pb-1.5 text-xs text-ink-3"
        >
          {t('log.index')}
        </div>
        {members.map((member) => (
          <MemberHeader key={member.id} member={member} />
        ))}
      </div>
    </div>
  );
}

function MemberHeader({ member }: { readonly member: MemberView }) {
  const t = useTranslate();
  const { count } = useFormats();
  const ageOf = useAge();
  const nowMs = useSelect(selectNow);
  const live = useSelect(selectIsLive);
  const log = useSelect((state) => state.log.members.get(member.id));
  const isAsked = useSelect((state) => {
    const route = selectRoute(state);
    return route.screen === 'log' && route.member === member.id;
  });
  const condition = conditionOf(member, live ? nowMs : null);
  const current = live && isCurrent(condition);
  return (
    <div
      role="columnheader"
      className={classNames(
        'flex min-w-0 flex-col justify-center gap-0.5 border-l border-line px-2',
        isAsked && 'bg-accent-soft',
      )}
    >
      <span className="flex items-center gap-1.5 font-semibold">
        {t('common.member', { id: member.id })}
        {condition === 'leader' && <Crown size="0.875rem" className="text-accent" aria-hidden />}
        <span className={classNames('text-xs font-normal', current ? 'text-ink-3' : 'text-warn')}>
          {t(conditionLabels[condition])}
        </span>
      </span>
      {log !== undefined && (
        <span className="truncate text-xs text-ink-3">
          {t('log.range', { first: count(log.first), last: count(log.last) })}
          {' · '}
          {t('log.commitAt', { index: count(log.commit) })}
          {' · '}
          {current
            ? t('log.appliedAt', { index: count(log.applied) })
            : t('log.readAt', { age: ageOf(log.readAtMs) })}
        </span>
      )}
    </div>
  );
}
