/** Reminds of edits that were begun on other znodes and neither written nor discarded. */
import { useTranslate } from '../../i18n/language-context.tsx';
import { routeHash } from '../../store/route.ts';
import { useSelect } from '../../store/store-context.tsx';
import { isChanged } from '../../store/znode-edit.ts';

export function UnsavedElsewhere({ path }: { readonly path: string }) {
  const t = useTranslate();
  const drafts = useSelect((state) => state.drafts);
  const others = [...drafts]
    .filter(([other, draft]) => other !== path && isChanged(draft))
    .map(([other]) => other);
  const first = others[0];
  if (first === undefined) return null;
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-xs text-warn">
      <span className="whitespace-nowrap">{t('znodes.unsavedElsewhere', { count: others.length })}</span>
      <a
        href={routeHash({ screen: 'znodes', path: first })}
        className="truncate font-mono underline underline-offset-2"
      >
        {first}
      </a>
    </p>
  );
}
