/** The middle of the picture: the term, and what is happening to it. */
import type { EnsembleView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { conditionOf } from '../member-state.ts';
import { useAge } from '../use-age.ts';
import { useFormats } from '../use-formats.ts';
import type { Stage } from './ring-geometry.ts';

export function PictureMiddle(props: {
  readonly stage: Stage;
  readonly ensemble: EnsembleView;
  readonly judgedAt: number | null;
  /** When the leader changed, as long as that is news. */
  readonly changedAtMs: number | null;
}) {
  const t = useTranslate();
  const { count } = useFormats();
  const ageOf = useAge();
  const { stage, ensemble, changedAtMs } = props;
  const { rem } = stage;
  const members = ensemble.members.length;
  const { x, y } = stage.middle;
  const trouble = troubleOf(t, ensemble, props.judgedAt);
  const news = changedAtMs === null ? null : t('overview.justElected', { age: ageOf(changedAtMs) });
  return (
    <g textAnchor="middle" transform={`translate(${x} ${y})`} className="text-xs">
      {members > 3 && <circle r={(stage.labels === 'full' ? 3.25 : 2.25) * rem} fill="var(--surface)" />}
      <text y={-1.15 * rem} fill="var(--ink-3)">
        {t('overview.term')}
      </text>
      <text y={0.65 * rem} fontSize={1.75 * rem} fontWeight="600" fill="var(--ink)">
        {count(ensemble.term)}
      </text>
      <text y={1.9 * rem} fontWeight="500" fill={trouble?.color ?? 'var(--accent)'}>
        {trouble?.text ?? news}
      </text>
    </g>
  );
}

function troubleOf(t: Translate, ensemble: EnsembleView, judgedAt: number | null) {
  if (ensemble.leader !== null) return null;
  if (ensemble.health.level === 'stopped') return { text: t('overview.stopped'), color: 'var(--ink-3)' };
  const conditions = ensemble.members.map((member) => conditionOf(member, judgedAt));
  const electing = conditions.includes('candidate') || conditions.includes('preCandidate');
  return electing
    ? { text: t('overview.electing'), color: 'var(--warn)' }
    : { text: t('overview.noLeader'), color: 'var(--bad)' };
}
