/** The way from the root, each part a link. */
import { ancestry, baseName } from '../../format/znode-path.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { routeHash } from '../../store/route.ts';

export function Breadcrumbs({ path }: { readonly path: string }) {
  const t = useTranslate();
  const ways = ancestry(path);
  return (
    <nav aria-label={t('znodes.path')} className="min-w-0 truncate text-md">
      {ways.map((way, at) => (
        <span key={way}>
          {at > 1 && <span className="text-ink-3">/</span>}
          {at === ways.length - 1 ? (
            <strong className="font-semibold" aria-current="page">
              {baseName(way)}
            </strong>
          ) : (
            <a
              href={routeHash({ screen: 'znodes', path: way })}
              className="rounded-sm text-ink-2 hover:text-ink hover:underline"
            >
              {baseName(way)}
            </a>
          )}
        </span>
      ))}
    </nav>
  );
}
