/** `check`: judges a recorded history by itself; no instance is asked. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fail, ok, type Result } from '../../base/result.ts';
import type { HistoryEvent, Value } from '../../check/history.ts';
import { readHistory } from '../../check/history-read.ts';
import {
  budgetMsDefault,
  type Judgement,
  judgeHistory,
  type Verdict,
} from '../../check/linearizability/judge.ts';
import { drawFailure } from '../../check/linearizability/picture/draw.ts';
import type { ModelName } from '../../check/models/model.ts';
import { modelsByName } from '../../check/models/named.ts';
import { type CliFailure, endWith, type FormatOptions, formatOf, printLine } from './outcome.ts';

/** Of this command alone; documented in its help. */
export const checkExitCodes = { ok: 0, illegal: 1, unknown: 2, badInput: 3 } as const;

/** Text longer than this does not fit a string of Node (about 2²⁹ characters). */
const historyBytesMax = 400 * 1024 * 1024;

const operationsListed = 12;

interface CheckOptions extends FormatOptions {
  readonly model: ModelName;
  readonly budget: number;
  readonly initial: Value;
  readonly html?: string;
}

const help = `
The file holds one event a line, in the order of time, as JSON:
  {"process":0,"type":"invoke","f":"write","value":1,"key":"x"}
  {"process":0,"type":"ok","f":"write","value":1,"key":"x"}
"type" is invoke, ok (happened), fail (certainly did not happen) or info (unknown: may happen at any later time, or
never). "key" is optional: each key is an object of its own. Read as well: a JSON list, Jepsen's history.edn and
log, and its independent keys ("value":[key,value]). cluster/check/HISTORY.md defines format and models.

Models:
  register  read, write, cas [old,new]
  kv        get, put, append, delete, cas [old,new]
  znode     create, delete, setData, getData, exists, with versions and error codes

Exit codes:
  0  OK: linearizable
  1  ILLEGAL: no order of the operations explains the answers
  2  UNKNOWN: no answer within the time or memory allowed
  3  the file or the command line is wrong

Examples:
  $ muster check history.jsonl --model register
  $ muster check history.edn --model register --json --html failure.html`;

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('judge whether a recorded history is linearizable')
    .argument('<file>', 'the history; - for standard input')
    .addOption(
      new Option('--model <model>', 'what the objects are')
        .choices(Object.keys(modelsByName))
        .makeOptionMandatory(),
    )
    .option('--budget <seconds>', 'time for an answer', parseSeconds, budgetMsDefault / 1_000)
    .option('--initial <json>', 'what every object holds at first (default: nothing)', parseValue, null)
    .option('--html <file>', 'on ILLEGAL, write a picture of the failure')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action((file: string, options: CheckOptions) => check(file, options));
}

function check(file: string, options: CheckOptions): void {
  const judged = judgeFile(file, options);
  if (!judged.ok) {
    endWith(judged.error, formatOf(options));
    return;
  }
  const judgement = judged.value;
  if (options.html !== undefined && judgement.failure !== null) {
    const written = writePicture(options.html, drawFailure(judgement.failure, basename(file)));
    if (!written.ok) {
      endWith(written.error, formatOf(options));
      return;
    }
  }
  const html = judgement.failure === null ? null : (options.html ?? null);
  if (formatOf(options) === 'json') printLine(JSON.stringify(asJson(judgement, html)));
  else printLine(asText(judgement, html));
  process.exitCode = checkExitCodes[judgement.verdict];
}

function judgeFile(file: string, options: CheckOptions): Result<Judgement, CliFailure> {
  const text = readText(file);
  if (!text.ok) return text;
  const read = readHistory(text.value, file === '-' ? 'standard input' : file);
  if (!read.ok) return fail(malformed(`${read.error.place}: ${read.error.message}`));
  const judged = judgeEvents(read.value.events, options);
  return judged.ok ? judged : fail(malformed(judged.error));
}

function judgeEvents(events: readonly HistoryEvent[], options: CheckOptions): Result<Judgement, string> {
  const judged = judgeHistory(events, {
    model: options.model,
    monotonicMs: () => performance.now(),
    budgetMs: options.budget * 1_000,
    initial: options.initial,
  });
  return judged.ok ? judged : fail(`${judged.error.place}: ${judged.error.message}`);
}

function readText(file: string): Result<string, CliFailure> {
  try {
    if (file === '-') return ok(readFileSync(0, 'utf8'));
    if (statSync(file).size > historyBytesMax)
      return fail(unreadable(`${file} is larger than ${historyBytesMax} bytes.`));
    return ok(readFileSync(file, 'utf8'));
  } catch (failure) {
    return fail(unreadable(`${file} cannot be read: ${messageOf(failure)}.`));
  }
}

function writePicture(file: string, html: string): Result<null, CliFailure> {
  try {
    writeFileSync(file, html);
    return ok(null);
  } catch (failure) {
    return fail(unreadable(`${file} cannot be written: ${messageOf(failure)}.`));
  }
}

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : String(failure);

function malformed(what: string): CliFailure {
  return {
    exit: checkExitCodes.badInput,
    code: 'malformedHistory',
    what,
    meaning: 'The history is not one; nothing was judged.',
    todo: 'Correct the line, or see `muster check --help` for the format.',
    facts: {},
  };
}

function unreadable(what: string): CliFailure {
  return {
    exit: checkExitCodes.badInput,
    code: 'file',
    what,
    meaning: 'Nothing was judged.',
    todo: 'Name a file that can be used.',
    facts: {},
  };
}

const wordOf: Readonly<Record<Verdict, string>> = { ok: 'OK', illegal: 'ILLEGAL', unknown: 'UNKNOWN' };

function asJson(judgement: Judgement, html: string | null): Readonly<Record<string, unknown>> {
  const { verdict, failure, ...rest } = judgement;
  return { ok: verdict === 'ok', verdict: wordOf[verdict], ...rest, failure, html };
}

function asText(judgement: Judgement, html: string | null): string {
  const { verdict, summary, failure, unknownOutcomes, failed, tookMs } = judgement;
  const lines = [
    `${wordOf[verdict]}: ${summary}`,
    `  ${unknownOutcomes} with unknown outcome; ${failed} that failed left out; ${(tookMs / 1_000).toFixed(2)} s.`,
  ];
  if (failure !== null) {
    lines.push('', `The operations around it (${failure.window.length}):`);
    for (const shown of failure.window.slice(-operationsListed))
      lines.push(
        `  ${shown.isCulprit ? '→' : ' '} process ${shown.process}: ${shown.text}  (${shown.place})`,
      );
  }
  if (html !== null) lines.push('', `Picture: ${html}`);
  return lines.join('\n');
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('It is a number of seconds above 0.');
}

function parseValue(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new InvalidArgumentError('It is a value of JSON, such as 0 or "a".');
  }
}
