/** A value as text, up to a bound that keeps the screen quick. */
import { ScrollRegion } from './scroll-region.tsx';

/** Characters shown; the hex view shows the rest. */
export const textShownMax = 200_000;

export function TextView(props: { readonly label: string; readonly text: string }) {
  return (
    <ScrollRegion label={props.label} className="min-h-0 grow overflow-auto">
      <pre className="px-3 py-2 font-mono text-xs leading-relaxed break-all whitespace-pre-wrap">
        {props.text.slice(0, textShownMax)}
      </pre>
    </ScrollRegion>
  );
}
