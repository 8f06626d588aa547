/** Commands that were sent and not answered yet: each settles once, at the latest at its deadline. */
import { type CommandName, type CommandOutput, commands } from '../../cluster/api/commands.ts';
import { fail, ok, type Result } from '../../cluster/base/result.ts';
import type { Failure } from '../store/failure.ts';
import type { Surroundings } from './surroundings.ts';

/** The server gives an operation up after 5 s and says so; only a lost answer takes longer. */
const commandMs = 8_000;

type Settle = (outcome: Result<unknown, Failure>) => void;

export class PendingCommands {
  readonly #surroundings: Surroundings;
  readonly #settles = new Map<number, Settle>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Waits for the answer to the command with this number. */
  answer<Name extends CommandName>(id: number, name: Name): Promise<Result<CommandOutput<Name>, Failure>> {
    return new Promise((resolve) => {
      const late = { code: 'deadline', what: `No answer to ${name} within ${commandMs / 1_000} s.` } as const;
      const stopDeadline = this.#surroundings.after(commandMs, () => this.settle(id, fail(late)));
      this.#settles.set(id, (outcome) => {
        stopDeadline();
        this.#settles.delete(id);
        resolve(outcome.ok ? checkedOutput(name, outcome.value) : outcome);
      });
    });
  }

  /** The answer came; one that nobody waits for any more is ignored. */
  settle(id: number, outcome: Result<unknown, Failure>): void {
    this.#settles.get(id)?.(outcome);
  }

  /** The socket broke: whether they happened is not known. */
  failAll(failure: Failure): void {
    for (const settle of [...this.#settles.values()]) settle(fail(failure));
  }
}

function checkedOutput<Name extends CommandName>(
  name: Name,
  output: unknown,
): Result<CommandOutput<Name>, Failure> {
  const checked = commands[name].output.safeParse(output);
  if (!checked.success)
    return fail({ code: 'invalidMessage', what: `The answer to ${name} is not of its form.` });
  // The table pairs each name with its schema; the compiler loses that pairing in a generic lookup.
  return ok(checked.data as CommandOutput<Name>);
}
