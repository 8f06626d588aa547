/**
 * The console's WebSocket protocol (DESIGN.md 7): one JSON object per message. A client sends
 * `authenticate` first, and nothing else before `welcome`.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { apiError } from './errors.ts';
import { describeProblem } from './problem.ts';
import { view, viewDelta, viewSnapshot } from './views.ts';

/** Rises when an old client could misread a new server. */
export const protocolVersion = 1;

/** Largest message in either direction: a znode of `jute.maxbuffer` in base64, and its envelope. */
export const messageBytesMax = 2 * 1024 * 1024;

/** Path of the WebSocket on the console server. */
export const socketPath = '/api';

/** Why the server closed a socket (WebSocket close codes 4000–4999 are the application's). */
export const closeCodes = {
  /** No valid `authenticate` in time, or a wrong token. */
  notAuthenticated: 4001,
  /** A message that is not of this protocol, too often or beyond repair. */
  invalidMessage: 4002,
  /** The client does not read what it asked for. */
  tooSlow: 4003,
  /** More sockets than the server serves. */
  tooMany: 4004,
  /** The instance is stopping. */
  closing: 4005,
} as const;

/** A client numbers its own commands and subscriptions; a number in use is refused. */
const requestId = z.number().int().nonnegative();

export const clientMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('authenticate'), token: z.string().max(256), protocol: z.number() }),
  /** `input` is checked against the command's own schema. */
  z.object({ kind: z.literal('command'), id: requestId, name: z.string().max(64), input: z.unknown() }),
  z.object({ kind: z.literal('subscribe'), id: requestId, view }),
  z.object({ kind: z.literal('unsubscribe'), id: requestId }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;

export const serverMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('welcome'),
    protocol: z.number(),
    /** Names this run: a client that comes back to another run starts from nothing. */
    instance: z.string(),
    startedAtMs: z.number(),
    dataFolder: z.string(),
    /** The server's wall clock, so that ages on the screen do not depend on the client's. */
    nowMs: z.number(),
  }),
  z.object({ kind: z.literal('result'), id: requestId, output: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: requestId, error: apiError }),
  z.object({
    kind: z.literal('snapshot'),
    subscription: requestId,
    revision: z.number(),
    content: viewSnapshot,
  }),
  z.object({ kind: z.literal('delta'), subscription: requestId, revision: z.number(), content: viewDelta }),
  /** Deltas were dropped because the client was slow; what it shows is old until the next snapshot. */
  z.object({ kind: z.literal('gap'), subscription: requestId, revision: z.number() }),
  /** The view cannot be served now (no quorum, say). The subscription stays and recovers by itself. */
  z.object({
    kind: z.literal('trouble'),
    subscription: requestId,
    revision: z.number(),
    error: apiError,
  }),
  /** About a message that could not be tied to a command or a subscription. */
  z.object({ kind: z.literal('error'), error: apiError }),
]);
export type ServerMessage = z.infer<typeof serverMessage>;

/** Reads one message of a client; the failure says what is wrong with it. */
export function parseClientMessage(text: string): Result<ClientMessage, string> {
  return parse(clientMessage, text);
}

/** Reads one message of the server. */
export function parseServerMessage(text: string): Result<ServerMessage, string> {
  return parse(serverMessage, text);
}

function parse<Message>(schema: z.ZodType<Message>, text: string): Result<Message, string> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const message = schema.safeParse(json.value);
  return message.success ? ok(message.data) : fail(describeProblem(message.error));
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail('not JSON');
  }
}
