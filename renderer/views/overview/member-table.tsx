/** The members in numbers: each row as old as its report, and looking so. */
import { Crown, Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { LabelKey } from '../../i18n/translate.ts';
import { selectIsLive, selectMembers, selectNow, selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Hint } from '../../ui/hint.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { conditionOf, highestCommit, isCurrent } from '../member-state.ts';
import { useAge } from '../use-age.ts';
import { useFormats } from '../use-formats.ts';
import { MemberMenu } from './member-menu.tsx';
import { ProcessTag, RoleTag, StandingTags } from './member-tags.tsx';

interface Column {
  readonly label: LabelKey;
  readonly help?: LabelKey;
}

const numbers: readonly Column[] = [
  { label: 'table.term' },
  { label: 'table.last', help: 'table.lastHelp' },
  { label: 'table.commit', help: 'table.commitHelp' },
  { label: 'table.applied', help: 'table.appliedHelp' },
  { label: 'table.lag', help: 'table.lagHelp' },
  { label: 'table.fsync', help: 'table.fsyncHelp' },
  { label: 'table.clients', help: 'table.clientsHelp' },
  { label: 'table.sessions' },
  { label: 'table.memory' },
  { label: 'table.uptime' },
  { label: 'table.report', help: 'table.reportHelp' },
];

const cell = 'h-8 px-2 whitespace-nowrap first:pl-3 last:pr-2';

export function MemberTable() {
  const t = useTranslate();
  const members = useSelect(selectMembers);
  const commit = highestCommit(members);
  return (
    <ScrollRegion
      label={t('table.caption')}
      className="shrink-0 overflow-x-auto rounded-lg border border-line bg-surface"
    >
      <table className="w-full border-collapse">
        <caption className="sr-only">{t('table.caption')}</caption>
        <thead className="text-xs text-ink-3">
          <tr>
            <th className={classNames(cell, 'text-left font-medium')}>{t('table.member')}</th>
            <th className={classNames(cell, 'text-left font-medium')}>{t('table.role')}</th>
            <th className={classNames(cell, 'text-left font-medium')}>{t('table.process')}</th>
            {numbers.map(({ label, help }) => (
              <th key={label} className={classNames(cell, 'text-right font-medium')}>
                {help === undefined ? t(label) : <Explained label={t(label)} help={t(help)} />}
              </th>
            ))}
            <th className={cell}>
              <span className="sr-only">{t('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow key={member.id} member={member} commit={commit} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Explained(props: { readonly label: string; readonly help: string }) {
  return (
    <Hint
      text={props.help}
      className="cursor-help underline decoration-line-strong decoration-dotted underline-offset-3"
    >
      {props.label}
    </Hint>
  );
}

function MemberRow({ member, commit }: { readonly member: MemberView; readonly commit: number }) {
  const t = useTranslate();
  const nowMs = useSelect(selectNow);
  const live = useSelect(selectIsLive);
  const isSelected = useSelect((state) => {
    const route = selectRoute(state);
    return route.screen === 'overview' && route.member === member.id;
  });
  const condition = conditionOf(member, live ? nowMs : null);
  const current = live && isCurrent(condition);
  return (
    <tr className={classNames('border-t border-line', isSelected ? 'bg-accent-soft' : 'hover:bg-hover')}>
      <th scope="row" className={classNames(cell, 'text-left font-semibold')}>
        <span className="flex items-center gap-1.5">
          {member.id}
          {condition === 'leader' && <Crown size="0.875rem" className="text-accent" aria-hidden />}
          <span className="font-mono text-xs font-normal text-ink-3">:{member.clientPort}</span>
        </span>
      </th>
      <td className={cell}>
        <span className="flex items-center gap-1.5">
          <RoleTag condition={condition} lastRole={member.report?.role ?? null} />
          <StandingTags member={member} />
        </span>
      </td>
      <td className={cell}>
        <ProcessTag member={member} condition={condition} />
      </td>
      <ReportCells member={member} commit={commit} current={current} />
      <td className={classNames(cell, 'text-right')}>
        <MemberMenu
          member={member}
          trigger={
            <button
              type="button"
              aria-label={t('table.actionsOf', { member: member.id })}
              className="inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
            >
              <Ellipsis size="1rem" aria-hidden />
            </button>
          }
        />
      </td>
    </tr>
  );
}

function ReportCells(props: {
  readonly member: MemberView;
  readonly commit: number;
  readonly current: boolean;
}) {
  const t = useTranslate();
  const { count, bytes, duration, span } = useFormats();
  const ageOf = useAge();
  const { report, reportedAtMs } = props.member;
  if (report === null || reportedAtMs === null) {
    return (
      <>
        {numbers.slice(1).map(({ label }) => (
          <NumberCell key={label} stale>
            {t('common.unknown')}
          </NumberCell>
        ))}
        <NumberCell stale>{t('common.never')}</NumberCell>
      </>
    );
  }
  const stale = !props.current;
  const lag = Math.max(0, props.commit - report.applied);
  const age = ageOf(reportedAtMs);
  return (
    <>
      <NumberCell stale={stale}>{count(report.term)}</NumberCell>
      <NumberCell stale={stale}>{count(report.last)}</NumberCell>
      <NumberCell stale={stale}>{count(report.commit)}</NumberCell>
      <NumberCell stale={stale}>{count(report.applied)}</NumberCell>
      <NumberCell stale={stale}>
        <span className={lag > 0 ? 'font-semibold text-warn' : ''}>{count(lag)}</span>
      </NumberCell>
      <NumberCell stale={stale}>
        {report.fsyncP99Ms === null ? t('common.unknown') : duration(report.fsyncP99Ms)}
      </NumberCell>
      <NumberCell stale={stale}>{count(report.connections)}</NumberCell>
      <NumberCell stale={stale}>{count(report.sessions)}</NumberCell>
      <NumberCell stale={stale}>{bytes(report.memoryBytes)}</NumberCell>
      <NumberCell stale={stale}>{span(report.uptimeMs)}</NumberCell>
      <td className={classNames(cell, 'text-right', stale ? 'font-medium text-warn' : 'text-ink-3')}>
        {age}
      </td>
    </>
  );
}

/** Old values are set in a lighter ink and italic: two signs. */
function NumberCell(props: { readonly stale: boolean; readonly children: ReactNode }) {
  return (
    <td className={classNames(cell, 'text-right', props.stale && 'text-ink-3 italic')}>{props.children}</td>
  );
}
