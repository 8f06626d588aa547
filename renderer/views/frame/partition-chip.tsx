/** Says that links are cut on purpose, and heals them all. */
import { Unplug } from 'lucide-react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { cutPairs, selectMembers } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { useOperations } from '../operations-context.tsx';

export function PartitionChip() {
  const t = useTranslate();
  const { heal } = useOperations();
  const count = useSelect((state) => cutPairs(selectMembers(state)));
  if (count === 0) return null;
  return (
    <div className="flex h-7 shrink-0 items-center overflow-hidden rounded-md bg-bad-soft text-bad">
      <span className="flex items-center gap-1.5 px-2 font-medium whitespace-nowrap">
        <Unplug size="1rem" aria-hidden />
        <span className="max-lg:sr-only">{t('faults.active', { count })}</span>
      </span>
      <button
        type="button"
        onClick={heal}
        className="h-full bg-bad px-2.5 font-medium whitespace-nowrap text-on-bad hover:brightness-110"
      >
        {t('faults.heal')}
      </button>
    </div>
  );
}
