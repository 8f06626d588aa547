/** The address of the znode that is looked at: typed, stepped up, or read. */
import { ArrowUp, Copy, CornerDownLeft, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { parentPath, tidyPath } from '../../format/znode-path.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { pathOf } from '../../store/selection.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { useOperations } from '../operations-context.tsx';
import { UnsavedElsewhere } from './unsaved-elsewhere.tsx';

export function PathBar() {
  const t = useTranslate();
  const { go, tell, copyText } = useOperations();
  const path = useSelect((state) => pathOf(state.selection.znode)) ?? '/';
  const expanded = useSelect((state) => state.tree.expanded);
  const refresh = () => {
    for (const open of expanded) tell({ kind: 'directory.refreshed', path: open });
  };
  return (
    <div className="flex shrink-0 items-center gap-1.5 bg-surface px-2.5 py-1.5">
      <h2 className="sr-only">{t('znodes.title')}</h2>
      <IconButton
        label={t('znodes.up')}
        disabled={path === '/'}
        onClick={() => go({ screen: 'znodes', path: parentPath(path) })}
      >
        <ArrowUp size="1rem" aria-hidden />
      </IconButton>
      <PathForm key={path} path={path} />
      <IconButton label={t('znode.copyPath')} onClick={() => void copyText(path)}>
        <Copy size="0.875rem" aria-hidden />
      </IconButton>
      <IconButton label={t('znodes.refresh')} onClick={refresh}>
        <RefreshCw size="0.875rem" aria-hidden />
      </IconButton>
      <UnsavedElsewhere path={path} />
    </div>
  );
}

function PathForm({ path }: { readonly path: string }) {
  const t = useTranslate();
  const { go } = useOperations();
  const [typed, setTyped] = useState(path);
  return (
    <form
      className="flex min-w-0 grow gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        const target = tidyPath(typed);
        setTyped(target);
        go({ screen: 'znodes', path: target });
      }}
    >
      <TextInput
        aria-label={t('znodes.path')}
        title={t('znodes.pathHelp')}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && setTyped(path)}
        className="min-w-0 grow font-mono text-xs"
      />
      {typed !== path && (
        <Button type="submit" icon={<CornerDownLeft size="0.875rem" aria-hidden />}>
          {t('znodes.go')}
        </Button>
      )}
    </form>
  );
}
