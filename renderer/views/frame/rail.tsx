/** The screens there are. */
import { FolderTree, Keyboard, Orbit, Rows3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { LabelKey } from '../../i18n/translate.ts';
import { logRoute, overviewRoute, type Route, routeHash, type Screen } from '../../store/route.ts';
import { pathOf } from '../../store/selection.ts';
import { selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useOperations } from '../operations-context.tsx';

interface Entry {
  readonly screen: Screen;
  readonly label: LabelKey;
  readonly icon: ReactNode;
}

const entries: readonly Entry[] = [
  { screen: 'overview', label: 'nav.overview', icon: <Orbit size="1.125rem" aria-hidden /> },
  { screen: 'znodes', label: 'nav.znodes', icon: <FolderTree size="1.125rem" aria-hidden /> },
  { screen: 'log', label: 'nav.log', icon: <Rows3 size="1.125rem" aria-hidden /> },
];

const shape =
  'flex w-full flex-col items-center gap-0.5 rounded-md py-1.5 text-2xs font-medium hover:bg-hover hover:text-ink';

export function Rail() {
  const t = useTranslate();
  const { screen: current } = useSelect(selectRoute);
  const lastPath = useSelect((state) => pathOf(state.selection.znode)) ?? '/';
  const { tell } = useOperations();
  const routes: Readonly<Record<Screen, Route>> = {
    overview: overviewRoute,
    znodes: { screen: 'znodes', path: lastPath },
    log: logRoute,
  };
  return (
    <nav
      aria-label={t('nav.label')}
      className="flex w-[4.5rem] shrink-0 flex-col gap-1 border-r border-line bg-surface p-1.5"
    >
      {entries.map(({ screen, label, icon }) => (
        <a
          key={screen}
          href={routeHash(routes[screen])}
          aria-current={screen === current ? 'page' : undefined}
          className={classNames(shape, screen === current ? 'bg-accent-soft text-accent' : 'text-ink-2')}
        >
          {icon}
          {t(label)}
        </a>
      ))}
      <button
        type="button"
        onClick={() => tell({ kind: 'shortcuts.toggled', open: true })}
        className={classNames(shape, 'mt-auto text-ink-3')}
      >
        <Keyboard size="1.125rem" aria-hidden />
        {t('shortcuts.label')}
      </button>
    </nav>
  );
}
