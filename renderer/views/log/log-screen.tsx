/** The members' logs side by side, aligned by index. */
import { useState } from 'react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectMembers, selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Message } from '../../ui/message.tsx';
import { useOperations } from '../operations-context.tsx';
import { EntryPanel } from './entry-panel.tsx';
import { LogGrid } from './log-grid.tsx';
import { LogMarkKey } from './log-mark.tsx';
import { logRange } from './log-rows.ts';

export function LogScreen() {
  const t = useTranslate();
  const log = useSelect((state) => state.log);
  const members = useSelect(selectMembers);
  const route = useSelect(selectRoute);
  const index = route.screen === 'log' ? route.index : null;
  const range = logRange(log, index);
  return (
    <div className="flex h-full flex-col">
      <Toolbar />
      <div className="flex min-h-0 grow border-t border-line bg-surface">
        {log.members.size === 0 || members.length === 0 ? (
          <Message kind="waiting" title={t('log.waiting')} />
        ) : range.to < range.from ? (
          <Message kind="empty" title={t('log.empty')} />
        ) : (
          <LogGrid range={range} selected={index} />
        )}
        {index !== null && <EntryPanel index={index} />}
      </div>
    </div>
  );
}

function Toolbar() {
  const t = useTranslate();
  const { tell, go } = useOperations();
  const following = useSelect((state) => state.log.following);
  const [typed, setTyped] = useState('');
  const index = /^[1-9][0-9]{0,14}$/.test(typed) ? Number(typed) : null;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-3 bg-surface px-3 py-1.5">
      <h2 className="text-sm font-semibold">{t('log.title')}</h2>
      <label className="flex items-center gap-1.5" title={t('log.followHelp')}>
        <input
          type="checkbox"
          checked={following}
          onChange={({ target }) => tell({ kind: 'log.followed', following: target.checked })}
          className="size-3.5 accent-accent"
        />
        {t('log.follow')}
      </label>
      <form
        className="flex items-center gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (index !== null) go({ screen: 'log', index, member: null });
        }}
      >
        <TextInput
          inputMode="numeric"
          aria-label={t('log.jump')}
          placeholder={t('log.jump')}
          value={typed}
          onChange={({ target }) => setTyped(target.value.trim())}
          className="w-32"
        />
        <Button type="submit" disabled={index === null}>
          {t('log.jumpButton')}
        </Button>
      </form>
      <LogMarkKey />
    </div>
  );
}
