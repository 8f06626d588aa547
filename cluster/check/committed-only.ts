/** Nobody is told of anything that is not committed, and what a client is shown stands in the log just there. */
import type { Zxid } from '../base/ids.ts';
import { Violation } from './violation.ts';

/** A znode at one moment; null: absent. */
export type Shown = { readonly data: string; readonly version: number } | null;

export class CommittedOnly {
  /** A client was answered at `zxid`, when the ensemble had committed up to `committed`. */
  told(client: string, { zxid, committed }: { readonly zxid: Zxid; readonly committed: Zxid }): void {
    if (zxid <= committed) return;
    throw new Violation('committed only', `${client}: told of ${zxid}, but only ${committed} is committed`);
  }

  /** A client was shown a znode as of `zxid`; the log says how it stood. `data` is null when only the version was shown. */
  showed(
    client: string,
    seen: {
      readonly path: string;
      readonly zxid: Zxid;
      readonly shown: { readonly data: string | null; readonly version: number } | null;
      readonly stood: Shown;
    },
  ): void {
    const { path, zxid, shown, stood } = seen;
    const same =
      shown === null || stood === null
        ? shown === stood
        : shown.version === stood.version && (shown.data === null || shown.data === stood.data);
    if (same) return;
    const [saw, was] = [shown, stood].map((state) => JSON.stringify(state));
    throw new Violation('reads show the log', `${client}: ${path} at ${zxid} showed ${saw}, but was ${was}`);
  }
}
