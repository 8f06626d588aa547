/** The change line by line, and the button that writes it if nobody else wrote meanwhile. */
import { useMemo } from 'react';
import { lineDiff } from '../../format/line-diff.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { type Draft, inFormatOf } from '../../store/znode-edit.ts';
import { Button } from '../../ui/button.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { useOperations } from '../operations-context.tsx';

export function DraftReview({ draft }: { readonly draft: Draft }) {
  const t = useTranslate();
  const { tell, commitDraft } = useOperations();
  const { path } = draft.base;
  const { version } = draft.base.stat;
  const before = inFormatOf(draft, draft.base);
  const lines = useMemo(() => lineDiff({ before, after: draft.text }), [before, draft.text]);
  const same = before === draft.text;
  const committing = draft.stage.kind === 'committing';
  return (
    <>
      <p className="flex justify-between text-xs text-ink-3">
        <span>{t('edit.diff', { version })}</span>
        <span>{t('edit.diffLegend')}</span>
      </p>
      {same ? (
        <p className="grow text-ink-2">{t('edit.same')}</p>
      ) : (
        <DiffView label={t('edit.diff', { version })} lines={lines} />
      )}
      <div className="flex justify-end gap-2">
        <Button disabled={committing} onClick={() => tell({ kind: 'edit.discarded', path })}>
          {t('edit.discard')}
        </Button>
        <Button disabled={committing} onClick={() => tell({ kind: 'edit.reopened', path })}>
          {t('edit.back')}
        </Button>
        <Button tone="primary" autoFocus disabled={committing || same} onClick={() => commitDraft(path)}>
          {committing ? t('edit.committing') : t('edit.commit', { version })}
        </Button>
      </div>
    </>
  );
}
