/** What an event reported beside its sentence: known facts in words, others as they came. */
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import { type NumberFormats, numberFormats } from '../../format/numbers.ts';
import type { Translate } from '../../i18n/translate.ts';

type Facts = TimelineEvent['facts'];
type Fact = Facts[string];

/** Told by the sentence itself, by its neighbours, or in the notice of the operation. */
const silent = new Set(['level', 'before', 'working', 'todo', 'recovery', 'code', 'takenOverFrom']);

/** One line, its parts divided by middle dots. */
export function eventParticulars(t: Translate, tag: string, { facts }: TimelineEvent): string {
  const formats = numberFormats(tag);
  const parts: string[] = [];
  for (const [name, fact] of Object.entries(facts)) {
    if (fact === null || fact === '' || fact === false || silent.has(name)) continue;
    parts.push(inWords({ t, formats, facts }, name, fact));
  }
  return parts.join(' · ');
}

interface Context {
  readonly t: Translate;
  readonly formats: NumberFormats;
  readonly facts: Facts;
}

function inWords({ t, formats, facts }: Context, name: string, fact: NonNullable<Fact>): string {
  switch (name) {
    case 'term':
      return t('fact.term', { term: Number(fact) });
    case 'withoutLeaderMs':
      return t('fact.withoutLeader', { span: formats.duration(Number(fact)) });
    case 'total':
      return t('fact.working', { working: Number(facts['working']), total: Number(fact) });
    case 'members':
      return t('fact.members', { count: Number(fact) });
    case 'founded':
      return t('fact.founded');
    case 'forced':
      return t('fact.forced');
    case 'exitCode':
      return t('fact.exitCode', { code: Number(fact) });
    case 'pid':
      return t('process.pid', { pid: String(fact) });
    case 'groups':
    case 'connect':
    case 'path':
    case 'signal':
    case 'reason':
      return String(fact);
    default:
      return `${name} ${String(fact)}`;
  }
}
