/** Everything about the selected znode: its data, its stat, its ACL, and its draft while it is edited. */
import { FilePlus2, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type ZnodeValue, znodeKindOf } from '../../../cluster/api/znode.ts';
import { baseName, parentPath } from '../../format/znode-path.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { routeHash } from '../../store/route.ts';
import type { SelectedZnode } from '../../store/selection.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Message } from '../../ui/message.tsx';
import { Tag } from '../../ui/tag.tsx';
import { FailureText } from '../failure-text.tsx';
import { useOperations } from '../operations-context.tsx';
import { AclPanel } from './acl-panel.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { DataPanel } from './data-panel.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DraftPanel } from './draft-panel.tsx';
import { StatPanel } from './stat-panel.tsx';

export function ZnodePane() {
  const t = useTranslate();
  const znode = useSelect((state) => state.selection.znode);
  switch (znode.kind) {
    case 'none':
      return null;
    case 'loading':
      return <Message kind="waiting" title={t('znode.loading', { path: znode.path })} />;
    case 'failed':
      return (
        <Message kind="failed" title={t('znode.failed')} detail={<FailureText failure={znode.failure} />} />
      );
    case 'absent':
      return <AbsentZnode znode={znode} />;
    case 'present':
      return <PresentZnode znode={znode} />;
  }
}

function PresentZnode({ znode }: { readonly znode: Extract<SelectedZnode, { kind: 'present' }> }) {
  const t = useTranslate();
  const draft = useSelect((state) => state.drafts.get(znode.path) ?? null);
  return (
    <div className="flex h-full flex-col">
      {znode.failure !== null && (
        <Banner tone="warn">
          {t('znode.trouble')} <FailureText failure={znode.failure} />
        </Banner>
      )}
      <Heading value={znode.value} isEditing={draft !== null} />
      <div className="grid min-h-0 grow grid-cols-[minmax(0,1fr)_17rem] gap-2.5 px-2.5 pb-2.5">
        {draft === null ? (
          <DataPanel value={znode.value} />
        ) : (
          <DraftPanel draft={draft} current={znode.value} />
        )}
        <div className="flex min-h-0 flex-col gap-2.5 overflow-y-auto">
          <StatPanel stat={znode.value.stat} />
          <AclPanel />
        </div>
      </div>
    </div>
  );
}

function Heading({ value, isEditing }: { readonly value: ZnodeValue; readonly isEditing: boolean }) {
  const t = useTranslate();
  const { tell } = useOperations();
  const [dialog, setDialog] = useState<'create' | 'delete' | null>(null);
  const kind = znodeKindOf(value.stat);
  const reserved = value.path === '/' || value.path === '/zookeeper' || value.path.startsWith('/zookeeper/');
  return (
    <header className="flex items-center gap-2 px-3 py-2">
      <Breadcrumbs path={value.path} />
      <Tag tone={kind === 'ephemeral' ? 'warn' : 'idle'}>
        {kind === 'ephemeral' ? t('znodes.ephemeral') : t('znodes.persistent')}
      </Tag>
      <span className="ml-auto" />
      <Button icon={<FilePlus2 size="0.875rem" aria-hidden />} onClick={() => setDialog('create')}>
        {t('znode.create')}
      </Button>
      <Button
        icon={<Pencil size="0.875rem" aria-hidden />}
        disabled={isEditing}
        onClick={() => tell({ kind: 'edit.begun', base: value })}
      >
        {t('znode.edit')}
      </Button>
      <Button
        icon={<Trash2 size="0.875rem" aria-hidden />}
        disabled={reserved}
        title={reserved ? t('delete.reserved') : undefined}
        onClick={() => setDialog('delete')}
      >
        {t('znode.delete')}
      </Button>
      {dialog === 'create' && <CreateDialog parent={value.path} name="" onClose={() => setDialog(null)} />}
      {dialog === 'delete' && <DeleteDialog value={value} onClose={() => setDialog(null)} />}
    </header>
  );
}

function AbsentZnode({ znode }: { readonly znode: Extract<SelectedZnode, { kind: 'absent' }> }) {
  const t = useTranslate();
  const draft = useSelect((state) => state.drafts.get(znode.path) ?? null);
  const [creating, setCreating] = useState(false);
  const parent = parentPath(znode.path);
  if (draft !== null) {
    return (
      <div className="flex h-full p-2.5">
        <DraftPanel draft={draft} current={null} />
      </div>
    );
  }
  return (
    <Message
      kind="empty"
      title={t('znode.absent')}
      detail={
        <>
          <p className="font-mono text-xs break-all">{znode.path}</p>
          <p className="mt-1">
            {t('znode.absentHelp')}{' '}
            {znode.last !== null && t('znode.absentWas', { version: znode.last.stat.version })}
          </p>
        </>
      }
    >
      <div className="mt-1 flex items-center gap-2">
        <Button tone="primary" onClick={() => setCreating(true)}>
          {t('znode.createHere')}
        </Button>
        <a href={routeHash({ screen: 'znodes', path: parent })} className="px-2 underline underline-offset-2">
          {t('znodes.up')}
        </a>
      </div>
      {creating && (
        <CreateDialog parent={parent} name={baseName(znode.path)} onClose={() => setCreating(false)} />
      )}
    </Message>
  );
}
