/** Cuts the ensemble into groups: by hand, by example or as text, with the result shown before it is done. */
import { Scissors } from 'lucide-react';
import { useState } from 'react';
import type { EnsembleView } from '../../../cluster/api/ensemble.ts';
import { type Groups, groupsText, type ParsedGroups, parseGroups } from '../../format/groups.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { cutLinks } from '../../store/selectors.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useOperations } from '../operations-context.tsx';
import { ConnectivityMatrix } from './connectivity-matrix.tsx';
import { GroupPicker } from './group-picker.tsx';
import { planPartition } from './partition-plan.ts';

export function PartitionPanel({ ensemble }: { readonly ensemble: EnsembleView }) {
  const t = useTranslate();
  const { partition } = useOperations();
  const [text, setText] = useState('');
  const members = ensemble.members.map(({ id }) => id);
  const parsed = parseGroups(text, members);
  const groups: Groups = parsed.kind === 'groups' ? parsed.groups : [];
  const plan = planPartition({ members, cutNow: cutLinks(ensemble.members), groups });
  const complaint = complaintAbout(t, parsed, members.length);
  const isPlanned = groups.length > 0 && complaint === null;

  return (
    <Panel title={t('partition.title')} className="h-full overflow-hidden">
      <div className="flex min-h-0 flex-col gap-3 overflow-y-auto px-3 pb-3">
        <GroupPicker members={members} groups={groups} onChange={(changed) => setText(groupsText(changed))} />
        <div className="flex flex-wrap gap-1.5">
          {presets(t, members, ensemble.leader).map(({ label, groups: preset }) => (
            <Button key={label} onClick={() => setText(groupsText(preset))}>
              {label}
            </Button>
          ))}
        </div>
        <form
          className="flex items-start gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (!isPlanned) return;
            partition(groups);
            setText('');
          }}
        >
          <div className="min-w-0 grow">
            <Field
              label={t('partition.text')}
              complaint={complaint}
              control={(ids) => (
                <TextInput
                  {...ids}
                  value={text}
                  placeholder="1 | 2,3"
                  title={t('partition.textHelp')}
                  onChange={({ target }) => setText(target.value)}
                  className="w-full font-mono"
                />
              )}
            />
          </div>
          <Button
            type="submit"
            tone="danger"
            disabled={!isPlanned}
            className="mt-[1.375rem]"
            icon={<Scissors size="0.875rem" aria-hidden />}
          >
            {t('partition.apply')}
          </Button>
        </form>
        {isPlanned && (
          <p className="text-sm">
            {t('partition.preview', { count: plan.cuts })}{' '}
            <span className={plan.quorum === null ? 'font-medium text-bad' : 'text-ink-2'}>
              {plan.quorum === null
                ? t('partition.quorumNowhere')
                : t('partition.quorumIn', { members: plan.quorum.join(', ') })}
            </span>
          </p>
        )}
        <ConnectivityMatrix members={members} cells={plan.cells} />
      </div>
    </Panel>
  );
}

function complaintAbout(t: Translate, parsed: ParsedGroups, members: number): string | null {
  switch (parsed.kind) {
    case 'unreadable':
      return t('partition.unreadable');
    case 'unknownMember':
      return t('partition.unknownMember', { member: parsed.member });
    case 'repeatedMember':
      return t('partition.repeatedMember', { member: parsed.member });
    case 'groups':
      return parsed.groups.length === 1 && parsed.groups[0]?.length === members
        ? t('partition.oneGroup')
        : null;
  }
}

function presets(t: Translate, members: readonly number[], leader: number | null) {
  const found: { readonly label: string; readonly groups: Groups }[] = [];
  if (leader !== null && members.length > 1) {
    const others = members.filter((member) => member !== leader);
    found.push({ label: t('partition.isolateLeader'), groups: [[leader], others] });
    if (members.length >= 5) {
      const followers = (members.length - 1) / 2 - 1;
      const minority = [leader, ...others.slice(0, followers)];
      found.push({ label: t('partition.minority'), groups: [minority, others.slice(followers)] });
    }
  }
  if (members.length > 2) {
    found.push({ label: t('partition.everyone'), groups: members.map((member) => [member]) });
  }
  return found;
}
