/** Two texts, line by line: what was removed and what was added, with sign and colour. */

import type { DiffLine } from '../format/line-diff.ts';
import { ScrollRegion } from './scroll-region.tsx';

const looks = {
  same: { sign: ' ', colors: 'text-ink-2' },
  removed: { sign: '−', colors: 'bg-bad-soft text-bad' },
  added: { sign: '+', colors: 'bg-ok-soft text-ok' },
} as const;

/** Unchanged lines shown around a change. */
const contextLines = 3;
const linesMax = 2_000;

export function DiffView(props: { readonly label: string; readonly lines: readonly DiffLine[] }) {
  return (
    <ScrollRegion
      label={props.label}
      className="min-h-0 grow overflow-auto rounded-md border border-line bg-surface font-mono text-xs leading-relaxed"
    >
      <table className="w-full border-collapse">
        <tbody>
          {nearChanges(props.lines).map((line) => (
            <tr key={`${line.before}/${line.after}`} className={looks[line.kind].colors}>
              <td className="w-10 px-2 text-right text-ink-3 select-none">{line.before}</td>
              <td className="w-10 px-2 text-right text-ink-3 select-none">{line.after}</td>
              <td className="w-4 text-center select-none">{looks[line.kind].sign}</td>
              <td className="px-2 break-all whitespace-pre-wrap">{line.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** The lines near a change, up to a bound. */
function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let line = at - contextLines; line <= at + contextLines; line += 1) near.add(line);
  });
  return lines.filter((_, at) => near.has(at)).slice(0, linesMax);
}
