/** Every shortcut, by where it works. */

import { useTranslate } from '../../i18n/language-context.tsx';
import type { LabelKey } from '../../i18n/translate.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useOperations } from '../operations-context.tsx';

interface Shortcut {
  readonly keys: readonly string[];
  readonly does: LabelKey;
}

const groups: readonly { readonly title: LabelKey; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'shortcuts.everywhere',
    shortcuts: [
      { keys: ['g', 'o'], does: 'nav.overview' },
      { keys: ['g', 'z'], does: 'nav.znodes' },
      { keys: ['g', 'l'], does: 'nav.log' },
      { keys: ['t'], does: 'shortcuts.timeline' },
      { keys: ['?'], does: 'shortcuts.sheet' },
      { keys: ['Esc'], does: 'shortcuts.escape' },
    ],
  },
  {
    title: 'shortcuts.tree',
    shortcuts: [
      { keys: ['↑', '↓'], does: 'shortcuts.move' },
      { keys: ['→'], does: 'shortcuts.open' },
      { keys: ['←'], does: 'shortcuts.closeNode' },
      { keys: ['Enter'], does: 'shortcuts.select' },
      { keys: ['Home', 'End'], does: 'shortcuts.ends' },
    ],
  },
  {
    title: 'shortcuts.list',
    shortcuts: [
      { keys: ['↑', '↓'], does: 'shortcuts.move' },
      { keys: ['Home', 'End'], does: 'shortcuts.ends' },
    ],
  },
];

export function ShortcutsSheet() {
  const t = useTranslate();
  const { tell } = useOperations();
  const open = useSelect((state) => state.shortcutsOpen);
  return (
    <Dialog
      title={t('shortcuts.title')}
      closeLabel={t('common.close')}
      open={open}
      onClose={() => tell({ kind: 'shortcuts.toggled', open: false })}
    >
      {groups.map(({ title, shortcuts }) => (
        <section key={title} className="mt-3 first:mt-0">
          <h3 className="text-xs font-medium text-ink-3">{t(title)}</h3>
          <dl className="mt-1">
            {shortcuts.map(({ keys, does }) => (
              <div key={does} className="flex items-center justify-between py-1">
                <dt>{t(does)}</dt>
                <dd className="flex gap-1">
                  {keys.map((key) => (
                    <kbd
                      key={key}
                      className="min-w-6 rounded border border-line bg-sunken px-1.5 text-center font-mono text-xs"
                    >
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
