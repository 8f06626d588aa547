/** Cores under loss, duplication, reordering, slow disks and crashes: safe while it lasts, live after. */
import { expect, it } from 'vitest';
import { logIndex } from '../base/ids.ts';
import { Ensemble } from './testing/ensemble.ts';
import { seededRandom } from './testing/random.ts';

const phasesPerSeed = 40;
const stepsPerPhase = 400;
/** Short, so that there are many elections. */
const timing = { heartbeatTicks: 2, electionTicksMin: 6, electionTicksMax: 12, fastCampaignTicksMax: 2 };
const seeds = Array.from({ length: 40 }, (_, at) => at + 1);

interface Rates {
  readonly tick: number;
  readonly deliver: number;
  readonly lose: number;
  readonly duplicate: number;
  readonly persist: number;
  readonly propose: number;
  readonly read: number;
  readonly crash: number;
  readonly restart: number;
  readonly gone: number;
  readonly cut: number;
}

for (const seed of seeds) {
  it(`keeps every promise of figure 3, and recovers, with seed ${seed}`, () => {
    const random = seededRandom(seed);
    const ensemble = new Ensemble({
      size: 3 + random(3),
      random,
      preVote: random(4) === 0 ? 'off' : 'on',
      checkQuorum: random(4) === 0 ? 'off' : 'on',
      timing,
    });
    const reads = new ReadJudge(ensemble);
    for (let phase = 0; phase < phasesPerSeed; phase += 1)
      disturb(ensemble, { random, rates: drawRates(random), reads });
    heal(ensemble);
    expect(progressAfter(ensemble)).toBe('every member applied the same, up to the last proposal');
    expect(reads.violations).toEqual([]);
  });
}

/** The seed picks the rates, anew for each phase: calm ones let a leader rise, harsh ones bring it down. */
function drawRates(random: (limit: number) => number): Rates {
  const isHarsh = random(2) === 0;
  const often = (limit: number) => (isHarsh ? random(limit) : 0);
  return {
    tick: 40 + random(100),
    deliver: 400 + random(400),
    persist: 60 + random(200),
    propose: random(120),
    read: random(20),
    restart: 1 + random(20),
    lose: often(60),
    duplicate: often(60),
    crash: often(6),
    gone: often(4),
    cut: often(8),
  };
}

/** A read index must cover everything that was acknowledged anywhere before the read was asked for. */
class ReadJudge {
  readonly violations: string[] = [];
  readonly #askedAt = new Map<string, number>();
  #nextId = 0;

  constructor(ensemble: Ensemble) {
    ensemble.onStep = ({ id }, { reads }) => {
      for (const read of reads) {
        const floor = this.#askedAt.get(`${id}.${read.id}`) ?? Number.POSITIVE_INFINITY;
        if (read.kind === 'ready' && read.index < floor)
          this.violations.push(`${id} read ${read.index} < ${floor}`);
      }
    };
  }

  ask(ensemble: Ensemble, id: number): void {
    this.#nextId += 1;
    this.#askedAt.set(`${id}.${this.#nextId}`, ensemble.safety.history.size);
    ensemble.step(id, { kind: 'readRequested', id: this.#nextId });
  }
}

interface Disturbance {
  readonly random: (limit: number) => number;
  readonly rates: Rates;
  readonly reads: ReadJudge;
}

function disturb(ensemble: Ensemble, { random, rates, reads }: Disturbance): void {
  const actions = Object.entries(rates) as [keyof Rates, number][];
  const total = actions.reduce((sum, [, rate]) => sum + rate, 0);
  if (rates.cut === 0) ensemble.passes = () => true;
  for (let done = 0; done < stepsPerPhase; done += 1) {
    let drawn = random(total);
    const action = actions.find(([, rate]) => {
      drawn -= rate;
      return drawn < 0;
    })?.[0];
    const id = random(4) === 0 ? (ensemble.leader ?? 1) : 1 + random(ensemble.members.length);
    const isUp = ensemble.member(id).raft !== null;
    const at = random(Math.max(1, Math.min(ensemble.frames.length, 30)));
    if (action === 'deliver') {
      const [frame] = ensemble.frames.splice(random(3) === 0 ? at : 0, 1);
      if (frame !== undefined) ensemble.deliver(frame);
    } else if (action === 'lose') ensemble.frames.splice(at, 1);
    else if (action === 'duplicate') ensemble.frames.push(...ensemble.frames.slice(at, at + 1));
    else if (action === 'restart' && !isUp) ensemble.restart(id);
    else if (action === 'cut') cut(ensemble, random);
    else if (isUp) act(ensemble, { action, id, random, reads });
    if (done % 100 === 0) ensemble.compareLogs();
  }
  ensemble.compareLogs();
}

function act(
  ensemble: Ensemble,
  { action, id, random, reads }: Omit<Disturbance, 'rates'> & { action: string | undefined; id: number },
): void {
  if (action === 'tick') ensemble.tick(id);
  if (action === 'persist') ensemble.persist(id, 1 + random(3));
  if (action === 'read') reads.ask(ensemble, id);
  if (action === 'crash') ensemble.crash(id, random(3));
  if (action === 'gone') {
    const dead = ensemble.members.filter(({ raft }) => raft === null).map((member) => member.id);
    for (const peer of dead) ensemble.step(id, { kind: 'peerGone', peer });
  }
  if (action === 'propose') {
    const payloads = Array.from({ length: 1 + random(4) }, () => new Uint8Array([random(256)]));
    ensemble.step(id, { kind: 'proposed', payloads });
  }
}

/** Half of the time one member is cut off, in one direction or both; half of the time nobody is. */
function cut(ensemble: Ensemble, random: (limit: number) => number): void {
  const victim = 1 + random(ensemble.members.length);
  const way = random(6);
  ensemble.passes = ({ from, to }) => {
    const isOutward = from === victim && way < 2;
    const isInward = to === victim && (way === 1 || way === 2);
    return !isOutward && !isInward;
  };
}

function heal(ensemble: Ensemble): void {
  ensemble.passes = () => true;
  for (const { id, raft } of ensemble.members) if (raft === null) ensemble.restart(id);
  ensemble.run(300);
}

function progressAfter(ensemble: Ensemble): string {
  const { leader } = ensemble;
  if (leader === null) return 'no leader';
  if (ensemble.step(leader, { kind: 'proposed', payloads: [new Uint8Array([1])] }).refused) return 'refused';
  ensemble.run(10);
  ensemble.compareLogs();
  const last = ensemble.raft(leader).status().last;
  const behind = ensemble.members.filter(({ applied }) => applied.at(-1)?.index !== logIndex(last));
  if (behind.length > 0) return `behind: ${behind.map(({ id }) => id).join(' ')}`;
  return 'every member applied the same, up to the last proposal';
}
