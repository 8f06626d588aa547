/** The ensemble at a glance: its picture, its links, its members in numbers. */
import { Copy } from 'lucide-react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectEnsemble, selectIsLive } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Message } from '../../ui/message.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useOperations } from '../operations-context.tsx';
import { EnsemblePicture } from './ensemble-picture.tsx';
import { LinkKey } from './link-key.tsx';
import { MemberTable } from './member-table.tsx';
import { PartitionPanel } from './partition-panel.tsx';

export function OverviewScreen() {
  const t = useTranslate();
  const ensemble = useSelect(selectEnsemble);
  const live = useSelect(selectIsLive);
  if (ensemble === null) return <Message kind="waiting" title={t('app.loading')} />;
  return (
    <div className={classNames('flex min-h-full flex-col gap-2.5 p-2.5', !live && 'grayscale')}>
      <div className="grid min-h-[20rem] grow grid-cols-[minmax(0,1fr)_19rem] gap-2.5 2xl:grid-cols-[minmax(0,1fr)_23rem]">
        <Panel title={t('overview.picture')} aside={<ConnectString connect={ensemble.connect} />}>
          <div className="relative min-h-0 grow">
            <div className="absolute inset-0 px-2">
              <EnsemblePicture ensemble={ensemble} />
            </div>
          </div>
          <LinkKey />
        </Panel>
        <div className="relative">
          <div className="absolute inset-0 flex flex-col">
            <PartitionPanel ensemble={ensemble} />
          </div>
        </div>
      </div>
      <MemberTable />
    </div>
  );
}

function ConnectString({ connect }: { readonly connect: string }) {
  const t = useTranslate();
  const { copyText } = useOperations();
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-xs">
      <span className="whitespace-nowrap text-ink-3">{t('overview.connect')}</span>
      <code className="truncate font-mono">{connect}</code>
      <IconButton label={t('common.copy')} onClick={() => void copyText(connect)}>
        <Copy size="0.875rem" aria-hidden />
      </IconButton>
    </div>
  );
}
