/** The data of a znode: as text, as laid-out JSON, or byte by byte; unpacked when it is gzip. */
import { useMemo, useState } from 'react';
import type { ZnodeValue } from '../../../cluster/api/znode.ts';
import { decodeBytes, looksGzipped } from '../../format/bytes.ts';
import { prettyJson } from '../../format/json-text.ts';
import { type TextForm, textForm } from '../../format/text-form.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { useSelect } from '../../store/store-context.tsx';
import { Button } from '../../ui/button.tsx';
import { HexView } from '../../ui/hex-view.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextView, textShownMax } from '../../ui/text-view.tsx';
import { useOperations } from '../operations-context.tsx';
import { useFormats } from '../use-formats.ts';

type Viewer = 'text' | 'json' | 'hex';

export function DataPanel({ value }: { readonly value: ZnodeValue }) {
  const t = useTranslate();
  const { inflate } = useOperations();
  const inflated = useSelect((state) => state.selection.inflated);
  const [wantsPacked, setWantsPacked] = useState(false);
  const raw = useMemo(() => decodeBytes(value.data), [value.data]);
  const gzip = looksGzipped(raw);
  const unpacked = gzip && inflated?.base64 === value.data.base64 ? inflated : null;
  const bytes = wantsPacked ? raw : (unpacked?.bytes ?? raw);
  const form = useMemo(() => textForm(bytes), [bytes]);
  const json = useMemo(() => (form.kind === 'binary' ? null : prettyJson(form.text)), [form]);
  const [chosen, choose] = useState<Viewer | null>(null);
  const viewer = possible(chosen, { form, json });

  return (
    <Panel
      title={t('znode.data')}
      className="overflow-hidden"
      aside={
        raw.length > 0 && (
          <Segmented<Viewer>
            label={t('znode.view')}
            value={viewer}
            choices={[
              { value: 'text', label: t('znode.view.text'), disabled: form.kind === 'binary' },
              { value: 'json', label: t('znode.view.json'), disabled: json === null },
              { value: 'hex', label: t('znode.view.hex') },
            ]}
            onChoose={choose}
          />
        )
      }
    >
      {raw.length === 0 && <p className="px-3 pb-3 text-ink-3">{t('znode.dataEmpty')}</p>}
      {gzip && (
        <GzipLine
          packed={raw.length}
          state={
            unpacked === null ? 'offered' : unpacked.bytes === null ? 'bad' : wantsPacked ? 'packed' : 'shown'
          }
          onShow={() => {
            setWantsPacked(false);
            if (unpacked === null) inflate(value.data.base64, raw);
          }}
          onHide={() => setWantsPacked(true)}
        />
      )}
      <Notes form={form} viewer={viewer} length={bytes.length} />
      {raw.length > 0 && viewer === 'hex' && <HexView label={t('znode.view.hex')} bytes={bytes} />}
      {raw.length > 0 && viewer === 'json' && <TextView label={t('znode.view.json')} text={json ?? ''} />}
      {raw.length > 0 && viewer === 'text' && (
        <TextView label={t('znode.view.text')} text={form.kind === 'binary' ? '' : form.text} />
      )}
    </Panel>
  );
}

/** The viewer that was chosen if it can show this; else the best that can. */
function possible(
  chosen: Viewer | null,
  facts: { readonly form: TextForm; readonly json: string | null },
): Viewer {
  const best = facts.form.kind === 'binary' ? 'hex' : facts.json === null ? 'text' : 'json';
  if (chosen === null) return best;
  if (chosen === 'json' && facts.json === null) return best;
  return chosen === 'text' && facts.form.kind === 'binary' ? 'hex' : chosen;
}

function Notes(props: { readonly form: TextForm; readonly viewer: Viewer; readonly length: number }) {
  const t = useTranslate();
  const { bytes, count } = useFormats();
  const { form, viewer } = props;
  const notes: string[] = [];
  if (form.kind === 'binary' && props.length > 0) notes.push(t('znode.notText'));
  if (form.kind === 'readOnlyText') notes.push(t('znode.readOnlyText'));
  if (viewer !== 'hex' && form.kind !== 'binary' && form.text.length > textShownMax) {
    notes.push(t('znode.truncated', { shown: count(textShownMax), total: bytes(props.length) }));
  }
  return notes.map((note) => (
    <p key={note} className="px-3 pb-2 text-xs text-ink-3">
      {note}
    </p>
  ));
}

function GzipLine(props: {
  readonly packed: number;
  readonly state: 'offered' | 'shown' | 'packed' | 'bad';
  readonly onShow: () => void;
  readonly onHide: () => void;
}) {
  const t = useTranslate();
  const { bytes } = useFormats();
  return (
    <div className="flex items-center gap-3 px-3 pb-2 text-xs text-ink-2">
      {t('znode.gzip', { packed: bytes(props.packed) })}
      {props.state === 'bad' && <span className="text-warn">{t('znode.gzipBad')}</span>}
      {(props.state === 'offered' || props.state === 'packed') && (
        <Button onClick={props.onShow}>{t('znode.gzipShow')}</Button>
      )}
      {props.state === 'shown' && <Button onClick={props.onHide}>{t('znode.gzipPacked')}</Button>}
    </div>
  );
}
