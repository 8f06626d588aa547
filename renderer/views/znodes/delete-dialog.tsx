/** Deletes a znode: a leaf after one question, a subtree after its contents were counted and its path typed. */
import { useEffect, useState } from 'react';
import type { ZnodeValue } from '../../../cluster/api/znode.ts';
import { type SubtreeCount, subtreeZnodesMax } from '../../bridge/operations.ts';
import { parentPath } from '../../format/znode-path.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogButtons } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { FailureText } from '../failure-text.tsx';
import { useOperations } from '../operations-context.tsx';

/** Paths listed before the rest is only counted. */
const pathsShownMax = 8;

export function DeleteDialog(props: { readonly value: ZnodeValue; readonly onClose: () => void }) {
  const t = useTranslate();
  const { value, onClose } = props;
  const { path } = value;
  const leaf = value.stat.numChildren === 0;
  return (
    <Dialog
      title={leaf ? t('delete.leaf', { path }) : t('delete.subtree', { path })}
      closeLabel={t('common.close')}
      open
      onClose={onClose}
    >
      {leaf ? (
        <DeleteLeaf value={value} onClose={onClose} />
      ) : (
        <DeleteSubtree path={path} onClose={onClose} />
      )}
    </Dialog>
  );
}

function DeleteLeaf({ value, onClose }: { readonly value: ZnodeValue; readonly onClose: () => void }) {
  const t = useTranslate();
  const { deleteZnode } = useOperations();
  return (
    <>
      <p className="text-ink-2">{t('delete.leafDoes', { version: value.stat.version })}</p>
      <DialogButtons>
        <Button autoFocus onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          tone="danger"
          onClick={() => {
            deleteZnode(value);
            onClose();
          }}
        >
          {t('delete.submit')}
        </Button>
      </DialogButtons>
    </>
  );
}

function DeleteSubtree({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const t = useTranslate();
  const { countSubtree, deleteSubtree, go } = useOperations();
  const [count, setCount] = useState<SubtreeCount>({ kind: 'counting', found: 1 });
  const [typed, setTyped] = useState('');
  useEffect(() => countSubtree(path, setCount), [countSubtree, path]);
  const paths = count.kind === 'counted' && count.complete ? count.paths : [];
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== path || paths.length === 0) return;
        deleteSubtree(path, paths);
        go({ screen: 'znodes', path: parentPath(path) });
        onClose();
      }}
    >
      <CountText count={count} />
      <p className="text-ink-2">{t('delete.does')}</p>
      <Field
        label={t('delete.typePath', { path })}
        control={(ids) => (
          <TextInput
            {...ids}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            className="font-mono"
          />
        )}
      />
      <DialogButtons>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" tone="danger" disabled={typed !== path || paths.length === 0}>
          {paths.length === 0 ? t('delete.submit') : t('delete.submitMany', { count: paths.length })}
        </Button>
      </DialogButtons>
    </form>
  );
}

function CountText({ count }: { readonly count: SubtreeCount }) {
  const t = useTranslate();
  switch (count.kind) {
    case 'counting':
      return <p role="status">{t('delete.counting', { count: count.found })}</p>;
    case 'failed':
      return (
        <div role="alert" className="text-bad">
          <FailureText failure={count.failure} />
        </div>
      );
    case 'counted':
      if (!count.complete)
        return <p className="text-bad">{t('delete.tooMany', { max: subtreeZnodesMax })}</p>;
      return (
        <div>
          <p className="font-medium">{t('delete.counted', { count: count.paths.length })}</p>
          <ul className="mt-1 rounded-md bg-sunken px-3 py-2 font-mono text-xs break-all">
            {count.paths.slice(0, pathsShownMax).map((path) => (
              <li key={path}>{path}</li>
            ))}
            {count.paths.length > pathsShownMax && (
              <li className="font-sans text-ink-3">
                {t('delete.andMore', { count: count.paths.length - pathsShownMax })}
              </li>
            )}
          </ul>
        </div>
      );
  }
}
