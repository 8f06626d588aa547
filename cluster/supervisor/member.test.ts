import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../base/result.ts';
import { memberFolders } from './data-folder.ts';
import { Member } from './member.ts';
import type { NewEvent } from './timeline.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-member-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a member whose process cannot be put on record', () => {
  it('is told nothing and ended, and gives that as the reason', async () => {
    const seen: string[] = [];
    const told: NewEvent[] = [];
    const processFile = join(folder, 'absent', 'process.json');
    const member = new Member(
      1,
      { ...memberFolders(folder, 1), processFile },
      {
        spawn: {
          spawn: async (_request, listener) =>
            ok({
              pid: process.pid,
              send: ({ kind }) => void seen.push(kind),
              signal: (signal) => {
                seen.push(signal);
                listener.exited({ code: null, signal });
                return true;
              },
            }),
        },
        memberModule: 'member.js',
        configuration: () => Object.create(null),
        refusal: () => null,
        created: () => undefined,
        changed: () => undefined,
        event: (event) => void told.push(event),
      },
    );
    expect(await member.start()).toMatchObject({
      ok: false,
      error: { what: expect.stringContaining('ENOENT'), todo: expect.stringContaining('disk space') },
    });
    expect(seen).toEqual(['SIGKILL']);
    expect(member.state).toMatchObject({ kind: 'crashed', reason: expect.stringContaining('ENOENT') });
    expect(told.map(({ kind }) => kind)).toEqual(['memberCrashed']);
  });
});
