/** One entry decoded, and which members hold it. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LogEntryView } from '../../../cluster/api/log.ts';
import { hexId } from '../../format/ids.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { LabelKey } from '../../i18n/translate.ts';
import { routeHash } from '../../store/route.ts';
import { selectMembers } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { useOperations } from '../operations-context.tsx';
import { useFormats } from '../use-formats.ts';
import { LogMarkDot } from './log-mark.tsx';
import { cellAt, type LogCell } from './log-rows.ts';
import { operationLabels } from './operation-labels.ts';
import { TermTag } from './term-tag.tsx';

export function EntryPanel({ index }: { readonly index: number }) {
  const t = useTranslate();
  const { go } = useOperations();
  const { count } = useFormats();
  const members = useSelect(selectMembers);
  const logs = useSelect((state) => state.log.members);
  const cells = members.map(({ id }): readonly [number, LogCell] => {
    const log = logs.get(id);
    return [id, log === undefined ? { kind: 'unread', failed: false } : cellAt(log, index)];
  });
  const variants = distinctEntries(cells);
  return (
    <aside
      aria-label={t('log.entry', { index: count(index) })}
      className="flex w-72 shrink-0 flex-col gap-3 overflow-y-auto border-l border-line p-3"
    >
      <header className="flex items-center justify-between">
        <h3 className="text-md font-semibold">{t('log.entry', { index: count(index) })}</h3>
        <IconButton
          label={t('log.entryClose')}
          onClick={() => go({ screen: 'log', index: null, member: null })}
        >
          <X size="1rem" aria-hidden />
        </IconButton>
      </header>
      {variants.length === 0 && <p className="text-ink-2">{t('log.entryUnknown')}</p>}
      {variants.length > 1 && <p className="text-bad">{t('log.differs')}</p>}
      {variants.map((entry) => (
        <EntryFacts key={entry.term} entry={entry} />
      ))}
      <section>
        <h4 className="text-xs font-medium text-ink-3">{t('log.whoHas')}</h4>
        <ul className="mt-1 flex flex-col gap-1">
          {cells.map(([id, cell]) => (
            <li key={id} className="flex items-center gap-2">
              <span className="w-6 font-semibold">{id}</span>
              <CellWords cell={cell} />
            </li>
          ))}
        </ul>
      </section>
    </aside>
  );
}

function EntryFacts({ entry }: { readonly entry: LogEntryView }) {
  const t = useTranslate();
  const { bytes, dateTime } = useFormats();
  const rows: readonly (readonly [LabelKey, ReactNode])[] = [
    [
      'log.operation',
      <strong key="operation" className="font-medium">
        {t(operationLabels[entry.operation])}
      </strong>,
    ],
    ['log.term', <TermTag key="term" term={entry.term} />],
    ['log.path', entry.path === null ? t('common.none') : <ZnodeLink key="path" path={entry.path} />],
    ['log.zxid', <Id key="zxid" decimal={entry.zxid} />],
    ['log.session', <Id key="session" decimal={entry.session} />],
    ['log.origin', entry.origin === null ? t('common.none') : t('common.member', { id: entry.origin })],
    ['log.size', bytes(entry.sizeBytes)],
    ['log.time', entry.timeMs === null ? t('common.none') : dateTime(entry.timeMs)],
  ];
  return (
    <dl className="rounded-md border border-line px-2.5 py-1.5 text-xs">
      {rows.map(([label, value]) => (
        <div key={label} className="flex justify-between gap-3 py-0.5">
          <dt className="shrink-0 text-ink-3">{t(label)}</dt>
          <dd className="min-w-0 text-right break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ZnodeLink({ path }: { readonly path: string }) {
  return (
    <a href={routeHash({ screen: 'znodes', path })} className="font-mono underline underline-offset-2">
      {path}
    </a>
  );
}

function Id({ decimal }: { readonly decimal: string | null }) {
  const t = useTranslate();
  return decimal === null ? t('common.none') : <span className="font-mono">{hexId(decimal)}</span>;
}

function CellWords({ cell }: { readonly cell: LogCell }) {
  const t = useTranslate();
  switch (cell.kind) {
    case 'entry':
      return (
        <>
          <LogMarkDot mark={cell.mark} />
          <span aria-hidden>{t(markLabels[cell.mark])}</span>
          <TermTag term={cell.entry.term} />
        </>
      );
    case 'unread':
      return <span className="text-ink-3">{cell.failed ? t('log.readFailed') : t('log.reading')}</span>;
    case 'compacted':
      return <span className="text-ink-3">{t('log.compacted')}</span>;
    case 'absent':
      return <span className="text-ink-3">{t('log.notThere')}</span>;
  }
}

const markLabels = {
  applied: 'log.applied',
  committed: 'log.committed',
  uncommitted: 'log.uncommitted',
} as const;

/** The different entries that members hold at one index; one in a healthy ensemble. */
function distinctEntries(cells: readonly (readonly [number, LogCell])[]): readonly LogEntryView[] {
  const byTerm = new Map<number, LogEntryView>();
  for (const [, cell] of cells) if (cell.kind === 'entry') byTerm.set(cell.entry.term, cell.entry);
  return [...byTerm.values()];
}
