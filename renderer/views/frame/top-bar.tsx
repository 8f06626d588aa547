/** The state of the whole in one line: name, health, tolerance, faults in force, connection. */
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectEnsemble } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { AppearanceMenu } from './appearance-menu.tsx';
import { ConnectionState } from './connection-state.tsx';
import { HealthSentence } from './health-sentence.tsx';
import { PartitionChip } from './partition-chip.tsx';

export function TopBar() {
  const t = useTranslate();
  const ensemble = useSelect(selectEnsemble);
  return (
    <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-surface pr-2 pl-3.5">
      <div className="flex min-w-0 items-center gap-2.5">
        <img src="./icon.svg" alt="" className="size-5" />
        <h1 className="flex min-w-0 items-baseline gap-2 whitespace-nowrap">
          <span className="truncate font-semibold">{ensemble?.name ?? t('app.name')}</span>
          {ensemble !== null && <span className="font-mono text-xs text-ink-3">{ensemble.engine}</span>}
        </h1>
      </div>
      <span className="h-5 w-px bg-line" aria-hidden />
      <HealthSentence />
      <PartitionChip />
      <div className="ml-auto flex items-center gap-1">
        <ConnectionState />
        <AppearanceMenu />
      </div>
    </header>
  );
}
