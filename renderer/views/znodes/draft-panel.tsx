/** Edit → diff → commit. The draft is kept through conflicts and errors until it is written or discarded. */
import type { ZnodeValue } from '../../../cluster/api/znode.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { Draft } from '../../store/znode-edit.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FailureText } from '../failure-text.tsx';
import { useOperations } from '../operations-context.tsx';
import { DraftConflict } from './draft-conflict.tsx';
import { DraftEditor } from './draft-editor.tsx';
import { DraftReview } from './draft-review.tsx';

/** `current` is the value that is there now; null when the znode is gone. */
export function DraftPanel({
  draft,
  current,
}: {
  readonly draft: Draft;
  readonly current: ZnodeValue | null;
}) {
  const t = useTranslate();
  const { path } = draft.base;
  return (
    <Panel
      title={t('edit.title', { path })}
      className="w-full overflow-hidden"
      aside={
        <span className="text-xs whitespace-nowrap text-ink-3">
          {t('edit.basedOn', { version: draft.base.stat.version })}
        </span>
      }
    >
      <Moved draft={draft} current={current} />
      <div className="flex min-h-0 grow flex-col gap-2 px-3 pb-3">
        <Stage draft={draft} />
      </div>
    </Panel>
  );
}

function Stage({ draft }: { readonly draft: Draft }) {
  const t = useTranslate();
  const { stage } = draft;
  switch (stage.kind) {
    case 'typing':
      return <DraftEditor draft={draft} />;
    case 'reviewing':
    case 'committing':
      return <DraftReview draft={draft} />;
    case 'conflicted':
      return <DraftConflict draft={draft} theirs={stage.theirs} />;
    case 'failed':
      return (
        <>
          <div role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
            <p className="font-medium">{t('edit.failed')}</p>
            <FailureText failure={stage.failure} />
          </div>
          <DraftReview draft={draft} />
        </>
      );
  }
}

/** Somebody else wrote while this one is being typed: said at once, not only when writing fails. */
function Moved({ draft, current }: { readonly draft: Draft; readonly current: ZnodeValue | null }) {
  const t = useTranslate();
  const { tell } = useOperations();
  const { kind } = draft.stage;
  if (current === null || kind === 'conflicted' || kind === 'committing') return null;
  const { version } = current.stat;
  if (version === draft.base.stat.version) return null;
  return (
    <Banner
      tone="warn"
      action={
        <Button
          onClick={() =>
            tell({ kind: 'edit.conflicted', path: current.path, theirs: { kind: 'present', value: current } })
          }
        >
          {t('edit.rebase', { version })}
        </Button>
      }
    >
      {t('edit.moved', { version })}
    </Banner>
  );
}
