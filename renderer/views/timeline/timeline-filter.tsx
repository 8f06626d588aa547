/** Which events to show. */
import { Search } from 'lucide-react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectMembers } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import type { Level } from '../../store/timeline-filter.ts';
import { Select, TextInput } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useOperations } from '../operations-context.tsx';

export function TimelineFilterBar(props: { readonly shown: number; readonly total: number }) {
  const t = useTranslate();
  const { tell } = useOperations();
  const filter = useSelect((state) => state.timeline.filter);
  const members = useSelect(selectMembers);
  const change = (to: Partial<typeof filter>) =>
    tell({ kind: 'timeline.filtered', filter: { ...filter, ...to } });
  return (
    <div className="flex min-w-0 grow items-center gap-2">
      <Segmented<Level>
        label={t('timeline.level')}
        value={filter.level}
        choices={[
          { value: 'info', label: t('timeline.level.info') },
          { value: 'warn', label: t('timeline.level.warn') },
          { value: 'error', label: t('timeline.level.error') },
        ]}
        onChoose={(level) => change({ level })}
      />
      <Select
        aria-label={t('timeline.member')}
        value={filter.member ?? ''}
        onChange={({ target }) => change({ member: target.value === '' ? null : Number(target.value) })}
      >
        <option value="">{t('timeline.allMembers')}</option>
        {members.map(({ id }) => (
          <option key={id} value={id}>
            {t('common.member', { id })}
          </option>
        ))}
      </Select>
      <div className="relative min-w-0 max-w-64 grow">
        <Search size="0.875rem" className="absolute top-1/2 left-2 -translate-y-1/2 text-ink-3" aria-hidden />
        <TextInput
          type="search"
          aria-label={t('timeline.search')}
          placeholder={t('timeline.search')}
          value={filter.text}
          onChange={({ target }) => change({ text: target.value })}
          className="w-full pl-7"
        />
      </div>
      <span className="ml-auto text-xs whitespace-nowrap text-ink-3">
        {t('timeline.count', { shown: props.shown, total: props.total })}
      </span>
    </div>
  );
}
