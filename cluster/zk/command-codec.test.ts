import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedInput } from '../base/bytes.ts';
import { sessionId, term } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { openAcl } from './acl.ts';
import type { CommandBody } from './command.ts';
import {
  decodeCommand,
  decodeOrigin,
  encodeCommand,
  sessionAttachedBy,
  stampCommand,
} from './command-codec.ts';
import { check, create, originOne, remove, setAcl, setData } from './testing/log.ts';
import { pickWrite } from './testing/requests.ts';

const session = sessionId(2 ** 40 + 5);
const password = encodeUtf8('sixteen bytes...');
const acl = [
  { permissions: 31, scheme: 'digest', id: 'ann:hash' },
  { permissions: -1, scheme: 'ip', id: '127.0.0.1' },
];
const auth = [{ scheme: 'ip', id: '127.0.0.1' }];
const parts = [
  create('/ä', { acl }),
  remove('/b', 3),
  setData('/c', 'x', -1),
  setAcl('/d', acl, 7),
  check('/e', 0),
];
const bodies: readonly CommandBody[] = [
  { kind: 'createSession', timeoutMs: 30_000, password },
  { kind: 'attachSession', session, password, timeoutMs: 4_000 },
  { kind: 'closeSession', session },
  { kind: 'expireSession', session, term: term(7) },
  ...parts.map((request) => ({ kind: 'write', session, auth, request }) as const),
  { kind: 'write', session, auth: [], request: { kind: 'multi', parts } },
  { kind: 'write', session, auth: [], request: { kind: 'multi', parts: [] } },
];
const stamped = bodies.map((body) => payloadOf(body));

function payloadOf(body: CommandBody): Uint8Array {
  return stampCommand(1_700_000_000_000, encodeCommand({ origin: originOne, sequence: 9, body }));
}

describe('a command that has not been decoded', () => {
  it('tells which session it attaches, if it does', () => {
    const attached = bodies.map((body) =>
      sessionAttachedBy(encodeCommand({ origin: originOne, sequence: 9, body })),
    );
    expect(attached).toEqual(bodies.map(({ kind }) => (kind === 'attachSession' ? session : null)));
  });
});

describe('commands as bytes', () => {
  it('come back as they were', () => {
    for (const body of bodies) {
      const command = { timeMs: 1_700_000_000_000, origin: originOne, sequence: 9, body };
      expect(decodeCommand(payloadOf(body))).toEqual(command);
    }
  });

  it('come back as they were, whatever the request', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const request = pickWrite((items) => gen(fc.constantFrom, ...items) as never);
        const body = { kind: 'write', session, auth, request } as const;
        expect(decodeCommand(payloadOf(body)).body).toEqual(body);
      }),
    );
  });

  it('share the open ACL', () => {
    const { body } = decodeCommand(payloadOf({ kind: 'write', session, auth, request: create('/a') }));
    expect(body.kind === 'write' && body.request.kind === 'create' && body.request.acl).toBe(openAcl);
  });

  it('tell their origin without being decoded', () => {
    const encoded = encodeCommand({
      origin: originOne,
      sequence: 2 ** 45,
      body: { ...bodies[0] } as CommandBody,
    });
    expect(decodeOrigin(encoded)).toEqual({ origin: originOne, sequence: 2 ** 45 });
  });

  it('cut short are malformed at every length', () => {
    for (const payload of stamped) {
      for (let length = 0; length < payload.length; length += 1) {
        expect(() => decodeCommand(payload.subarray(0, length))).toThrow(MalformedInput);
      }
    }
  });

  it('with bytes after their end are malformed', () => {
    for (const payload of stamped) {
      expect(() => decodeCommand(new Uint8Array([...payload, 0]))).toThrow(MalformedInput);
    }
  });

  it('damaged anywhere decode to something or are malformed, and nothing else', () => {
    const damage = fc.record({
      payload: fc.constantFrom(...stamped),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(damage, ({ payload, at, bytes }) => {
        const damaged = payload.slice();
        for (const [i, byte] of bytes.entries()) damaged[(at + i) % damaged.length] = byte;
        try {
          decodeCommand(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedInput);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
