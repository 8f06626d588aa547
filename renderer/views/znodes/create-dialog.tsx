/** Creates a znode below a parent. */
import { useState } from 'react';
import type { ZnodeCreateMode } from '../../../cluster/api/znode.ts';
import { utf8Bytes } from '../../format/bytes.ts';
import { childPath } from '../../format/znode-path.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogButtons } from '../../ui/dialog.tsx';
import { Field, Select, TextArea, TextInput } from '../../ui/field.tsx';
import { useOperations } from '../operations-context.tsx';

const modes = ['persistent', 'ephemeral', 'persistentSequential', 'ephemeralSequential'] as const;

const modeLabels = {
  persistent: 'create.persistent',
  ephemeral: 'create.ephemeral',
  persistentSequential: 'create.persistentSequential',
  ephemeralSequential: 'create.ephemeralSequential',
} as const satisfies Record<ZnodeCreateMode, string>;

export function CreateDialog(props: {
  readonly parent: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const t = useTranslate();
  const { createZnode, go, tell } = useOperations();
  const [name, setName] = useState(props.name);
  const [mode, setMode] = useState<ZnodeCreateMode>('persistent');
  const [data, setData] = useState('');
  const [creating, setCreating] = useState(false);
  const sequential = mode === 'persistentSequential' || mode === 'ephemeralSequential';
  const ephemeral = mode === 'ephemeral' || mode === 'ephemeralSequential';
  const complaint = complaintAbout(t, name);
  const ready = complaint === null && (name !== '' || sequential) && !creating;

  async function create(): Promise<void> {
    setCreating(true);
    const created = await createZnode({ path: childPath(props.parent, name), data: utf8Bytes(data), mode });
    setCreating(false);
    if (created === null) return;
    tell({ kind: 'directory.expanded', path: props.parent });
    go({ screen: 'znodes', path: created });
    props.onClose();
  }

  return (
    <Dialog title={t('create.title')} closeLabel={t('common.close')} open onClose={props.onClose}>
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void create();
        }}
      >
        <p className="text-xs text-ink-3">
          {t('create.parent')} <span className="font-mono break-all text-ink">{props.parent}</span>
        </p>
        <Field
          label={t('create.name')}
          help={sequential ? t('create.nameSequential') : t('create.nameHelp')}
          complaint={complaint}
          control={(ids) => (
            <TextInput
              {...ids}
              autoFocus
              value={name}
              onChange={({ target }) => setName(target.value)}
              className="font-mono"
            />
          )}
        />
        <Field
          label={t('create.mode')}
          help={ephemeral ? t('create.ephemeralHelp') : t('create.open')}
          control={(ids) => (
            <Select
              {...ids}
              value={mode}
              onChange={({ target }) => setMode(modes.find((known) => known === target.value) ?? mode)}
            >
              {modes.map((value) => (
                <option key={value} value={value}>
                  {t(modeLabels[value])}
                </option>
              ))}
            </Select>
          )}
        />
        <Field
          label={t('create.data')}
          control={(ids) => (
            <TextArea {...ids} rows={6} value={data} onChange={({ target }) => setData(target.value)} />
          )}
        />
        <DialogButtons>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button type="submit" tone="primary" disabled={!ready}>
            {creating ? t('create.creating') : t('create.submit')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function complaintAbout(t: Translate, name: string): string | null {
  if (name.includes('/')) return t('create.slash');
  return name === '.' || name === '..' ? t('create.reserved') : null;
}
