/** Members that have applied the same entries hold the same store (DESIGN.md 5.2). */
import type { LogIndex } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class SameDigest {
  readonly #digests = new Map<LogIndex, { readonly digest: string; readonly by: string }>();

  observe(by: string, at: { readonly applied: LogIndex; readonly digest: string }): void {
    const known = this.#digests.get(at.applied);
    if (known === undefined) this.#digests.set(at.applied, { digest: at.digest, by });
    else if (known.digest !== at.digest) {
      const both = `${known.digest} on ${known.by}, ${at.digest} on ${by}`;
      throw new Violation('same digest', `stores differ at index ${at.applied}: ${both}`);
    }
  }
}
