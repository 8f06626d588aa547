/** Which group each member is in, one row of choices per member. */
import type { Groups } from '../../format/groups.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { moveToGroup } from './partition-plan.ts';

const groupNames = ['A', 'B', 'C'] as const;
type GroupName = (typeof groupNames)[number];

export function GroupPicker(props: {
  readonly members: readonly number[];
  readonly groups: Groups;
  readonly onChange: (groups: Groups) => void;
}) {
  const t = useTranslate();
  const { members, groups } = props;
  return (
    <div>
      <p className="mb-1.5 text-xs text-ink-3">{t('partition.help')}</p>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {members.map((member) => {
          const at = groups.findIndex((group) => group.includes(member));
          return (
            <div key={member} className="flex items-center gap-2">
              <span className="w-4 text-right font-semibold" aria-hidden>
                {member}
              </span>
              <Segmented<GroupName>
                label={t('partition.groupOf', { member })}
                value={groupNames[Math.max(0, at)] ?? 'A'}
                choices={groupNames
                  .slice(0, Math.min(3, members.length))
                  .map((name) => ({ value: name, label: name }))}
                onChoose={(name) =>
                  props.onChange(moveToGroup(groups, { member, group: groupNames.indexOf(name), members }))
                }
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
