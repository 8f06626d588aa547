/** The whole console: the frame with a screen in it, or the page that says how to get in. */
import type { Operations } from '../bridge/operations.ts';
import { LanguageProvider } from '../i18n/language-context.tsx';
import { selectConnection, selectPreferences } from '../store/selectors.ts';
import type { Store } from '../store/store.ts';
import { StoreProvider, useSelect } from '../store/store-context.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { AccessPage } from './frame/access-page.tsx';
import { Frame } from './frame/frame.tsx';
import { OperationsProvider } from './operations-context.tsx';

export function App(props: { readonly store: Store; readonly operations: Operations }) {
  return (
    <StoreProvider store={props.store}>
      <OperationsProvider operations={props.operations}>
        <Screen />
      </OperationsProvider>
    </StoreProvider>
  );
}

function Screen() {
  const { language } = useSelect(selectPreferences);
  const connection = useSelect(selectConnection);
  return (
    <LanguageProvider language={language}>
      <TooltipProvider>
        {connection.kind === 'tokenMissing' || connection.kind === 'refused' ? (
          <AccessPage why={connection.kind} />
        ) : (
          <Frame />
        )}
      </TooltipProvider>
    </LanguageProvider>
  );
}
