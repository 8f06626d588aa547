/** What surrounds every screen: rail, top bar, notices, timeline. */
import { useRef } from 'react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { LogScreen } from '../log/log-screen.tsx';
import { OverviewScreen } from '../overview/overview-screen.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { ZnodesScreen } from '../znodes/znodes-screen.tsx';
import { ConnectionBanner } from './connection-state.tsx';
import { Notices } from './notices.tsx';
import { Rail } from './rail.tsx';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';
import { TopBar } from './top-bar.tsx';

export function Frame() {
  const t = useTranslate();
  const main = useRef<HTMLElement>(null);
  return (
    <div className="flex h-dvh flex-col">
      <button
        type="button"
        onClick={() => main.current?.focus()}
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:translate-y-0"
      >
        {t('app.skipToMain')}
      </button>
      <TopBar />
      <div className="flex min-h-0 grow">
        <Rail />
        <div className="flex min-w-0 grow flex-col">
          <ConnectionBanner />
          <main ref={main} id="main" tabIndex={-1} className="min-h-0 grow overflow-auto focus:outline-none">
            <CurrentScreen />
          </main>
          <Timeline />
        </div>
      </div>
      <Notices />
      <ShortcutsSheet />
    </div>
  );
}

function CurrentScreen() {
  const { screen } = useSelect(selectRoute);
  switch (screen) {
    case 'overview':
      return <OverviewScreen />;
    case 'znodes':
      return <ZnodesScreen />;
    case 'log':
      return <LogScreen />;
  }
}
