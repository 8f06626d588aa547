/** Typing a new value, as text or as hexadecimal. */
import { clientFrameBytesMax } from '../../../cluster/base/limits.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { type Draft, draftBytes, isChanged } from '../../store/znode-edit.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { useOperations } from '../operations-context.tsx';
import { useFormats } from '../use-formats.ts';

export function DraftEditor({ draft }: { readonly draft: Draft }) {
  const t = useTranslate();
  const { tell } = useOperations();
  const { path } = draft.base;
  const bytes = draftBytes(draft);
  const changed = isChanged(draft);
  const fits = bytes !== null && bytes.length <= clientFrameBytesMax;
  return (
    <>
      <TextArea
        autoFocus
        aria-label={draft.format === 'hex' ? t('edit.hex') : t('edit.text')}
        aria-invalid={!fits}
        value={draft.text}
        onChange={({ target }) => tell({ kind: 'edit.typed', path, text: target.value })}
        className="min-h-32 grow"
      />
      <DraftFacts draft={draft} bytes={bytes} />
      <div className="flex items-center justify-end gap-2">
        {!changed && <span className="mr-auto text-xs text-ink-3">{t('edit.nothing')}</span>}
        <Button onClick={() => tell({ kind: 'edit.discarded', path })}>{t('edit.discard')}</Button>
        <Button
          tone="primary"
          disabled={!changed || !fits}
          onClick={() => tell({ kind: 'edit.reviewed', path })}
        >
          {t('edit.review')}
        </Button>
      </div>
    </>
  );
}

function DraftFacts({ draft, bytes }: { readonly draft: Draft; readonly bytes: Uint8Array | null }) {
  const t = useTranslate();
  const formats = useFormats();
  const max = formats.bytes(clientFrameBytesMax);
  if (bytes === null) return <p className="text-xs text-bad">{t('edit.hexInvalid')}</p>;
  if (bytes.length > clientFrameBytesMax)
    return <p className="text-xs text-bad">{t('edit.tooLarge', { max })}</p>;
  return (
    <p className="text-xs text-ink-3">
      {t('edit.size', { size: formats.bytes(bytes.length), max })}{' '}
      {draft.lineEnd === 'crlf' && t('edit.crlf')}
    </p>
  );
}
