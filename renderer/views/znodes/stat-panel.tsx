/** The stat of a znode, in the order in which one looks for things. */
import type { ReactNode } from 'react';
import type { ZnodeStat } from '../../../cluster/api/znode.ts';
import { hexId } from '../../format/ids.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { LabelKey } from '../../i18n/translate.ts';
import { Panel } from '../../ui/panel.tsx';
import { useFormats } from '../use-formats.ts';

export function StatPanel({ stat }: { readonly stat: ZnodeStat }) {
  const t = useTranslate();
  const { count, bytes, dateTime } = useFormats();
  const owner = stat.ephemeralOwner === '0' ? t('common.none') : hexId(stat.ephemeralOwner);
  const rows: readonly (readonly [LabelKey, ReactNode])[] = [
    ['stat.version', count(stat.version)],
    ['stat.length', bytes(stat.dataLength)],
    ['stat.children', count(stat.numChildren)],
    ['stat.mtime', stat.mtimeMs === 0 ? t('common.unknown') : dateTime(stat.mtimeMs)],
    ['stat.ctime', stat.ctimeMs === 0 ? t('common.unknown') : dateTime(stat.ctimeMs)],
    ['stat.owner', <Id key="owner" text={owner} />],
    ['stat.cversion', count(stat.cversion)],
    ['stat.aversion', count(stat.aversion)],
    ['stat.mzxid', <Id key="mzxid" text={hexId(stat.mzxid)} />],
    ['stat.czxid', <Id key="czxid" text={hexId(stat.czxid)} />],
    ['stat.pzxid', <Id key="pzxid" text={hexId(stat.pzxid)} />],
  ];
  return (
    <Panel title={t('znode.stat')} className="shrink-0">
      <dl className="px-3 pb-2 text-xs">
        {rows.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-3 py-0.5">
            <dt className="text-ink-3">{t(label)}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Id({ text }: { readonly text: string }) {
  return <span className="font-mono">{text}</span>;
}
