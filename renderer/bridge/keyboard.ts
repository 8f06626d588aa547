/** Shortcuts of the whole console: single keys and two-key sequences, never while typing. */
import type { Stop } from '../../cluster/base/scope.ts';
import type { PreferenceChange } from '../store/preference.ts';
import { logRoute, overviewRoute, type Route } from '../store/route.ts';
import { pathOf } from '../store/selection.ts';
import type { AppState } from '../store/state.ts';
import type { Store } from '../store/store.ts';

/** A second key counts as part of a sequence for so long. */
const sequenceMs = 1_200;

interface Doors {
  go(route: Route): void;
  prefer(change: PreferenceChange): void;
}

type Run = (state: AppState, doors: Doors) => void;

const sequences: Readonly<Record<string, Run>> = {
  'g o': (_, { go }) => go(overviewRoute),
  'g z': (state, { go }) => go({ screen: 'znodes', path: pathOf(state.selection.znode) ?? '/' }),
  'g l': (_, { go }) => go(logRoute),
  t: ({ preferences: { chosen } }, { prefer }) => prefer({ timelineOpen: !chosen.timelineOpen }),
};

/** Listens until stopped. */
export function followKeys(store: Store, doors: Doors): Stop {
  let first = { key: '', atMs: 0 };

  function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
      return;
    if (event.key === '?') {
      event.preventDefault();
      store.dispatch({ kind: 'shortcuts.toggled', open: !store.getState().shortcutsOpen });
      return;
    }
    const continued = event.timeStamp - first.atMs < sequenceMs ? `${first.key} ${event.key}` : '';
    const run = sequences[continued] ?? sequences[event.key];
    first = { key: event.key, atMs: event.timeStamp };
    if (run === undefined) return;
    event.preventDefault();
    run(store.getState(), doors);
  }

  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}

/** Dialogs and menus keep their keys too. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]',
    ) !== null
  );
}
