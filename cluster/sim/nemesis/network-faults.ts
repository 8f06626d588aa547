/** Links that are cut, one way or in a ring, slow, flaky or reset; and the links of clients. */
import type { MemberId } from '../../base/ids.ts';
import type { Direction } from '../network.ts';
import { type Field, happened, type Mend } from './field.ts';

export function partition(field: Field): Mend | null {
  const [inside, outside] = sides(field);
  if (inside.length === 0 || outside.length === 0) return null;
  happened(field, 'partition', `${inside.join(',')} | ${outside.join(',')}`);
  return field.network.cut([...between(inside, outside), ...between(outside, inside)]);
}

/** What one side says does not arrive; what it is told does. */
export function oneWay(field: Field): Mend | null {
  const [inside, outside] = sides(field);
  if (inside.length === 0 || outside.length === 0) return null;
  happened(field, 'oneWay', `${inside.join(',')} > ${outside.join(',')}`);
  return field.network.cut(between(inside, outside));
}

/** Everybody reaches its two neighbours only: each sees a majority, no two see the same. */
export function ring(field: Field): Mend | null {
  const ids = shuffled(field);
  if (ids.length < 4) return brokenLink(field, ids);
  happened(field, 'ring', ids.join(','));
  const cuts = ids.flatMap((from, at) =>
    ids
      .filter(
        (_, to) =>
          to !== at && (to - at + ids.length) % ids.length !== 1 && (at - to + ids.length) % ids.length !== 1,
      )
      .map((to): Direction => [from, to]),
  );
  return field.network.cut(cuts);
}

/** Of three, two do not reach each other, and both reach the third (Cloudflare, 2020). */
function brokenLink(field: Field, ids: readonly MemberId[]): Mend | null {
  const [one, other] = ids;
  if (one === undefined || other === undefined || ids.length < 3) return null;
  happened(field, 'ring', `${one} and ${other} apart`);
  return field.network.cut([...between([one], [other]), ...between([other], [one])]);
}

export function reset(field: Field): Mend | null {
  const [one, other] = shuffled(field);
  if (one === undefined || other === undefined) return null;
  happened(field, 'reset', `${one} and ${other}`);
  field.network.reset(one, other);
  return () => undefined;
}

/** Up to some seconds: frames outlive the process that sent them. */
export function slowLink(field: Field): Mend | null {
  const [inside, outside] = sides(field);
  if (inside.length === 0 || outside.length === 0) return null;
  const byMs = field.random.pick([20, 200, 1_000, 4_000]);
  happened(field, 'slowLink', `${inside.join(',')} > ${outside.join(',')} by ${byMs} ms`);
  return field.network.slow(between(inside, outside), byMs);
}

export function flaky(field: Field): Mend | null {
  const rates = { loss: field.random.pick([0.1, 0.3, 0.6]), duplication: field.random.pick([0, 0.2]) };
  happened(field, 'flaky', JSON.stringify(rates));
  return field.network.flaky(rates);
}

export function clientCut(field: Field): Mend | null {
  const client = field.random.pick(field.clients);
  happened(field, 'clientCut', client.name);
  client.wire.cut();
  return () => client.wire.mend();
}

export function clientSlow(field: Field): Mend | null {
  const client = field.random.pick(field.clients);
  const byMs = field.random.pick([20, 500, 4_000]);
  happened(field, 'clientSlow', `${client.name} by ${byMs} ms`);
  client.wire.slow(byMs);
  return () => client.wire.mend();
}

/** Some members, often the leader alone or with one companion, and the rest. */
function sides(field: Field): readonly [readonly MemberId[], readonly MemberId[]] {
  const { random, ensemble } = field;
  const leader = ensemble.leader?.member.id;
  const ids = shuffled(field);
  if (leader !== undefined && random.chance(0.4))
    ids.sort((a, b) => Number(b === leader) - Number(a === leader));
  const size = random.chance(0.6) ? 1 : 1 + random.below(Math.max(1, ids.length - 1));
  return [ids.slice(0, size), ids.slice(size)];
}

function shuffled({ random, ensemble }: Field): MemberId[] {
  const ids = ensemble.members.map(({ id }) => id);
  for (let at = ids.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [ids[at], ids[other]] = [ids[other] as MemberId, ids[at] as MemberId];
  }
  return ids;
}

function between(from: readonly MemberId[], to: readonly MemberId[]): readonly Direction[] {
  return from.flatMap((source) => to.map((target): Direction => [source, target]));
}
