/** What was asked for lately and what became of it: a success goes by itself, a failure waits. */
import { CircleAlert, CircleCheck, LoaderCircle, X } from 'lucide-react';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { Notice, Outcome } from '../../store/notices.ts';
import { useSelect } from '../../store/store-context.tsx';
import { FailureText } from '../failure-text.tsx';
import { useOperations } from '../operations-context.tsx';
import { operationSentence } from './operation-words.ts';

const icons = {
  pending: <LoaderCircle size="1rem" className="animate-[turn_1s_linear_infinite] text-ink-3" aria-hidden />,
  done: <CircleCheck size="1rem" className="text-ok" aria-hidden />,
  failed: <CircleAlert size="1rem" className="text-bad" aria-hidden />,
} as const satisfies Record<Outcome['kind'], unknown>;

export function Notices() {
  const t = useTranslate();
  const notices = useSelect((state) => state.notices);
  return (
    <section
      aria-label={t('notice.region')}
      aria-live="polite"
      className="pointer-events-none fixed top-14 right-3 z-30 flex w-[min(24rem,90vw)] flex-col items-end gap-2"
    >
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const t = useTranslate();
  const { tell } = useOperations();
  const { outcome } = notice;
  return (
    <div className="pointer-events-auto flex max-w-full animate-[appear_120ms_ease-out] items-start gap-2 rounded-lg bg-surface py-2 pr-2 pl-3 shadow-overlay">
      <span className="flex h-5 items-center">{icons[outcome.kind]}</span>
      <div className="min-w-0">
        <p className="font-medium break-words">
          {operationSentence(t, notice.operation)}{' '}
          <span className="font-normal text-ink-3">
            {outcome.kind === 'pending' && outcome.progress !== null
              ? t('notice.progress', outcome.progress)
              : t(outcomeLabels[outcome.kind])}
          </span>
        </p>
        {outcome.kind === 'failed' && (
          <div className="mt-0.5 text-ink-2">
            <FailureText failure={outcome.failure} />
          </div>
        )}
      </div>
      {outcome.kind === 'failed' && (
        <button
          type="button"
          aria-label={t('common.dismiss')}
          onClick={() => tell({ kind: 'notice.dismissed', id: notice.id })}
          className="flex size-5 shrink-0 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
        >
          <X size="0.875rem" aria-hidden />
        </button>
      )}
    </div>
  );
}

const outcomeLabels = {
  pending: 'notice.running',
  done: 'notice.done',
  failed: 'notice.failed',
} as const satisfies Record<Outcome['kind'], string>;
