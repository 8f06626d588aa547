/** Somebody else wrote first: both sides are shown, and nothing is lost until the operator says so. */
import { useMemo } from 'react';
import type { ZnodeWatch } from '../../../cluster/api/znode.ts';
import { lineDiff } from '../../format/line-diff.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { type Draft, draftBytes, inFormatOf } from '../../store/znode-edit.ts';
import { Button } from '../../ui/button.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { useOperations } from '../operations-context.tsx';

export function DraftConflict({ draft, theirs }: { readonly draft: Draft; readonly theirs: ZnodeWatch }) {
  return theirs.kind === 'present' ? <BothWrote draft={draft} theirs={theirs} /> : <Gone draft={draft} />;
}

function BothWrote(props: {
  readonly draft: Draft;
  readonly theirs: Extract<ZnodeWatch, { kind: 'present' }>;
}) {
  const t = useTranslate();
  const { tell } = useOperations();
  const { draft } = props;
  const { value } = props.theirs;
  const { path } = value;
  const { version } = value.stat;
  const before = inFormatOf(draft, value);
  const lines = useMemo(() => lineDiff({ before, after: draft.text }), [before, draft.text]);
  return (
    <>
      <div role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
        <p className="font-medium">{t('edit.conflict', { version })}</p>
        <p>{t('edit.conflictHelp')}</p>
      </div>
      <p className="flex gap-4 text-xs text-ink-3">
        <span>− {t('edit.theirs', { version })}</span>
        <span>+ {t('edit.yours')}</span>
      </p>
      {before === draft.text ? (
        <p className="grow text-ink-2">{t('edit.same')}</p>
      ) : (
        <DiffView label={t('edit.theirs', { version })} lines={lines} />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => tell({ kind: 'edit.discarded', path })}>{t('edit.takeTheirs')}</Button>
        <Button onClick={() => tell({ kind: 'edit.reopened', path })}>{t('edit.back')}</Button>
        <Button tone="primary" autoFocus onClick={() => tell({ kind: 'edit.rebased', theirs: value })}>
          {t('edit.keepMine', { version })}
        </Button>
      </div>
    </>
  );
}

function Gone({ draft }: { readonly draft: Draft }) {
  const t = useTranslate();
  const { tell, createZnode } = useOperations();
  const { path } = draft.base;

  async function createAgain(): Promise<void> {
    const data = draftBytes(draft);
    if (data === null) return;
    const created = await createZnode({ path, data, mode: 'persistent' });
    if (created !== null) tell({ kind: 'edit.discarded', path });
  }

  return (
    <>
      <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 font-medium text-warn">
        {t('edit.gone')}
      </p>
      <pre className="min-h-0 grow overflow-auto rounded-md border border-line p-2 font-mono text-xs whitespace-pre-wrap">
        {draft.text}
      </pre>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => tell({ kind: 'edit.discarded', path })}>{t('edit.discard')}</Button>
        <Button onClick={() => tell({ kind: 'edit.reopened', path })}>{t('edit.back')}</Button>
        <Button tone="primary" onClick={() => void createAgain()}>
          {t('edit.createAgain')}
        </Button>
      </div>
    </>
  );
}
