// `npm run seeded-bugs`: puts each seeded bug into the simulator and shows which checker catches it, at which seed.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { seededBugs } from './seeded-bugs/bugs.js';
import { hunt } from './seeded-bugs/hunt.js';

/** The machines that run this have two cores; each hunt keeps one busy. */
const huntsAtOnce = 2;

/** @typedef {import('./seeded-bugs/mutation.js').SeededBug} SeededBug */
/** @typedef {import('./seeded-bugs/profiles.js').ProfileName} ProfileName */

/**
 * What became of one bug. `wrong` says why it does not count as caught.
 * @typedef {object} Outcome
 * @property {SeededBug} bug
 * @property {import('./seeded-bugs/hunt.js').Catch | null} caught
 * @property {number} seconds
 * @property {string | null} wrong
 */

/** Hunts each of the bugs. @param {readonly SeededBug[]} bugs @param {(outcome: Outcome) => void} [told] @returns {Promise<readonly Outcome[]>} */
export function huntAll(bugs, told = () => undefined) {
  return inParallel(bugs, async (bug) => {
    const { caught, seconds, trouble } = await hunt(bug);
    const outcome = { bug, caught, seconds, wrong: wrongWith(bug, caught, trouble) };
    told(outcome);
    return outcome;
  });
}

/**
 * Runs the simulator as it is on every seed that caught something: what complains about sound code proves nothing.
 * @param {readonly Outcome[]} outcomes
 * @returns {Promise<readonly { profile: ProfileName, seeds: number, complaint: string | null }[]>}
 */
export function controls(outcomes) {
  /** @type {Map<ProfileName, number>} */
  const seedsOf = new Map();
  for (const { bug, caught } of outcomes)
    seedsOf.set(bug.profile, Math.max(seedsOf.get(bug.profile) ?? 1, caught?.seed ?? 1));
  return inParallel([...seedsOf], async ([profile, seeds]) => {
    const { caught, trouble } = await hunt({ name: `control-${profile}`, edits: [], profile, seeds });
    const complaint = caught === null ? trouble : `seed ${caught.seed}: ${caught.checker}: ${caught.message}`;
    return { profile, seeds, complaint };
  });
}

/** @param {SeededBug} bug @param {Outcome['caught']} caught @param {string | null} trouble */
function wrongWith(bug, caught, trouble) {
  if (trouble !== null) return trouble;
  if (caught === null) return `not caught by ${bug.seeds} seeds`;
  return bug.caughtBy.includes(caught.checker)
    ? null
    : `expected ${bug.caughtBy.join(' or ')}: ${caught.message}`;
}

/** @template Item, Value @param {readonly Item[]} items @param {(item: Item) => Promise<Value>} act @returns {Promise<Value[]>} */
async function inParallel(items, act) {
  /** @type {Value[]} */
  const values = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      values[at] = await act(/** @type {Item} */ (items[at]));
    }
  };
  await Promise.all(Array.from({ length: huntsAtOnce }, work));
  return values;
}

/** @param {Outcome} outcome */
function row({ bug, caught, seconds, wrong }) {
  const by = caught === null ? '-' : caught.checker;
  const seed = caught === null ? '-' : String(caught.seed);
  return [
    bug.name.padEnd(36),
    by.padEnd(30),
    seed.padStart(4),
    seconds.toFixed(1).padStart(7),
    wrong ?? '',
  ].join(' ');
}

async function main() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const wanted = values.only?.split(',') ?? seededBugs.map(({ name }) => name);
  const bugs = seededBugs.filter(({ name }) => wanted.includes(name));
  if (bugs.length < wanted.length) {
    const names = seededBugs.map(({ name }) => name).join('\n  ');
    console.error(`Not all of ${wanted.join(', ')} are seeded bugs. There are:\n  ${names}`);
    process.exitCode = 2;
    return;
  }
  if (!values.json) console.log(`${'bug'.padEnd(36)} ${'caught by'.padEnd(30)} seed seconds`);
  const outcomes = await huntAll(bugs, (outcome) => {
    if (!values.json) console.log(row(outcome));
  });
  const sound = await controls(outcomes);
  const escaped = outcomes.filter(({ wrong }) => wrong !== null);
  const complaints = sound.filter(({ complaint }) => complaint !== null);
  if (values.json) {
    const bugsTold = outcomes.map(({ bug, ...rest }) => ({ name: bug.name, breaks: bug.breaks, ...rest }));
    console.log(JSON.stringify({ bugs: bugsTold, controls: sound }, null, 2));
  } else {
    for (const { profile, seeds, complaint } of sound)
      console.log(`without a bug: ${profile}, seeds 1 to ${seeds}: ${complaint ?? 'nothing found'}`);
    console.log(`${outcomes.length - escaped.length} of ${outcomes.length} seeded bugs caught`);
  }
  process.exitCode = escaped.length === 0 && complaints.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
