// biome-ignore-all lint/a11y/useSemanticElements: table elements cannot be placed one by one, so a virtual grid says its roles.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active row.
/** One index across the members. Colour goes by term; the term's number stands beside it. */
import { TriangleAlert } from 'lucide-react';
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import type { LogEntryView } from '../../../cluster/api/log.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { LogState } from '../../store/log.ts';
import { selectIsLive, selectMembers, selectNow } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { conditionOf, isCurrent } from '../member-state.ts';
import { useFormats } from '../use-formats.ts';
import { LogMarkDot } from './log-mark.tsx';
import { cellAt, differs, type LogCell } from './log-rows.ts';
import { operationLabels } from './operation-labels.ts';
import { TermTag } from './term-tag.tsx';

export function LogRow(props: {
  readonly id: string;
  readonly index: number;
  readonly columns: string;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
}) {
  const { count } = useFormats();
  const t = useTranslate();
  const members = useSelect(selectMembers);
  const log = useSelect((state) => state.log);
  const { index } = props;
  const conflicting = differs(log, index);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all its rows.
    <div
      id={props.id}
      role="row"
      aria-rowindex={index}
      aria-selected={props.selected}
      onClick={props.onSelect}
      className={classNames(
        'absolute inset-x-0 grid cursor-pointer items-stretch',
        props.selected ? 'bg-accent-soft' : 'bg-surface hover:bg-hover',
      )}
      style={{ top: props.top, height: props.height, gridTemplateColumns: props.columns }}
    >
      <div
        role="rowheader"
        className="sticky left-0 flex items-center justify-end gap-1 bg-inherit px-3 font-mono text-xs text-ink-2"
      >
        {conflicting && (
          <TriangleAlert size="0.875rem" className="text-bad" role="img" aria-label={t('log.differs')} />
        )}
        {count(index)}
      </div>
      {members.map((member) => (
        <Cell key={member.id} log={log} member={member} index={index} />
      ))}
    </div>
  );
}

function Cell(props: { readonly log: LogState; readonly member: MemberView; readonly index: number }) {
  const nowMs = useSelect(selectNow);
  const live = useSelect(selectIsLive);
  const log = props.log.members.get(props.member.id);
  const current = live && isCurrent(conditionOf(props.member, nowMs));
  const cell: LogCell = log === undefined ? { kind: 'unread', failed: false } : cellAt(log, props.index);
  return (
    <div
      role="gridcell"
      className={classNames(
        'flex min-w-0 items-center gap-1.5 border-l border-line px-2',
        !current && 'opacity-80 grayscale',
        (cell.kind === 'absent' || cell.kind === 'compacted') && 'bg-hatched',
      )}
    >
      <CellContent cell={cell} />
    </div>
  );
}

function CellContent({ cell }: { readonly cell: LogCell }) {
  const t = useTranslate();
  switch (cell.kind) {
    case 'entry':
      return (
        <>
          <LogMarkDot mark={cell.mark} />
          <TermTag term={cell.entry.term} />
          <EntryText entry={cell.entry} />
        </>
      );
    case 'unread':
      return (
        <span className="text-xs text-ink-3">{cell.failed ? t('log.readFailed') : t('log.reading')}</span>
      );
    case 'compacted':
      return <span className="text-xs text-ink-3">{t('log.compacted')}</span>;
    case 'absent':
      return <span className="sr-only">{t('log.notThere')}</span>;
  }
}

function EntryText({ entry }: { readonly entry: LogEntryView }) {
  const t = useTranslate();
  return (
    <span className="min-w-0 truncate text-xs">
      {t(operationLabels[entry.operation])}{' '}
      {entry.path !== null && <span className="ml-0.5 font-mono text-ink-2">{entry.path}</span>}
      {entry.membership !== null && (
        <span className="ml-0.5 font-mono text-ink-2">{entry.membership.voters.join(' ')}</span>
      )}
    </span>
  );
}
