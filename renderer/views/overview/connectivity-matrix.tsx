/** Every directed link as a cell: what carries, what is cut, and what the plan would change. */
import { useTranslate } from '../../i18n/language-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import type { CellState } from './partition-plan.ts';

const looks = {
  carries: { sign: '✓', colors: 'bg-sunken text-ok', label: 'partition.cell.carries' },
  cut: { sign: '✕', colors: 'bg-bad text-on-bad', label: 'partition.cell.cut' },
  willCut: {
    sign: '✕',
    colors: 'bg-bad-soft text-bad outline-1 -outline-offset-1 outline-dashed outline-bad',
    label: 'partition.cell.willCut',
  },
  willHeal: {
    sign: '+',
    colors: 'bg-ok-soft text-ok outline-1 -outline-offset-1 outline-dashed outline-ok',
    label: 'partition.cell.willHeal',
  },
} as const satisfies Record<CellState, unknown>;

export function ConnectivityMatrix(props: {
  readonly members: readonly number[];
  readonly cells: ReadonlyMap<string, CellState>;
}) {
  const t = useTranslate();
  const { members, cells } = props;
  return (
    <table className="self-start border-separate border-spacing-0.5 text-center text-xs">
      <caption className="pb-1 text-left text-ink-3">
        {t('partition.matrix')}
        <span className="sr-only">{t('partition.matrixFromTo')}</span>
      </caption>
      <thead>
        <tr>
          <th className="pr-1 text-right font-normal text-ink-3">{t('partition.from')}</th>
          {members.map((to) => (
            <th key={to} scope="col" className="w-9 font-semibold">
              → {to}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {members.map((from) => (
          <tr key={from}>
            <th scope="row" className="pr-1 text-right font-semibold">
              {from}
            </th>
            {members.map((to) => {
              const { sign, colors, label } = looks[cells.get(`${from}>${to}`) ?? 'carries'];
              return from === to ? (
                <td key={to} />
              ) : (
                <td key={to} className={classNames('h-6 w-9 rounded font-semibold', colors)}>
                  <span aria-hidden>{sign}</span>
                  <span className="sr-only">{t(label, { from, to })}</span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
