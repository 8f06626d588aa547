/** A client of the console API for Node: what the CLI is made of. It speaks as the renderer does. */
import { WebSocket } from 'ws';
import { type CommandInput, type CommandName, type CommandOutput, parseOutput } from '../api/commands.ts';
import type { ApiError } from '../api/errors.ts';
import {
  type ClientMessage,
  messageBytesMax,
  parseServerMessage,
  protocolVersion,
  type ServerMessage,
  socketPath,
} from '../api/messages.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { apiFailure } from './failures.ts';

export interface ConsoleClient {
  /** Answers within the deadline; a closed connection is an answer too. */
  command<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
  ): Promise<Result<CommandOutput<Name>, ApiError>>;
  close(): void;
}

export interface ConsoleClientOptions {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly token: string;
  readonly connectTimeoutMs: number;
  readonly commandTimeoutMs: number;
}

/** A page of log entries or children with long paths is larger than anything a client sends. */
const answerBytesMax = 4 * messageBytesMax;

type Answer = Result<unknown, ApiError>;

export interface ConnectFailure {
  /** `gone`: something else, or nothing, is at this address now. `silent`: it does not answer in time. */
  readonly kind: 'gone' | 'silent';
  readonly why: string;
}

/** Connects and shows the token. */
export function connectConsole(
  options: ConsoleClientOptions,
): Promise<Result<ConsoleClient, ConnectFailure>> {
  const socket = new WebSocket(new URL(socketPath, options.url), {
    maxPayload: answerBytesMax,
    perMessageDeflate: false,
  });
  const waiting = new Map<number, (answer: Answer) => void>();

  return new Promise((settle) => {
    const deadline = setTimeout(() => {
      settle(fail({ kind: 'silent', why: `no answer within ${options.connectTimeoutMs} ms` }));
      socket.terminate();
    }, options.connectTimeoutMs);

    function ended(why: string): void {
      clearTimeout(deadline);
      settle(fail({ kind: 'gone', why }));
      for (const answer of waiting.values()) answer(connectionEnded(why));
      waiting.clear();
    }

    function received(message: ServerMessage): void {
      if (message.kind === 'welcome') {
        clearTimeout(deadline);
        settle(ok(createClient(socket, { waiting, commandTimeoutMs: options.commandTimeoutMs })));
      }
      if (message.kind === 'result') waiting.get(message.id)?.(ok(message.output));
      if (message.kind === 'failure') waiting.get(message.id)?.(fail(message.error));
    }

    socket.on('open', () =>
      send(socket, { kind: 'authenticate', token: options.token, protocol: protocolVersion }),
    );
    socket.on('message', (data) => {
      const message = parseServerMessage(String(data));
      if (message.ok) received(message.value);
      else socket.terminate();
    });
    socket.on('error', (failure) => ended(failure.message));
    socket.on('close', (code, reason) =>
      ended(reason.length > 0 ? String(reason) : `closed with code ${code}`),
    );
  });
}

function createClient(
  socket: WebSocket,
  options: { readonly waiting: Map<number, (answer: Answer) => void>; readonly commandTimeoutMs: number },
): ConsoleClient {
  const { waiting, commandTimeoutMs } = options;
  let lastId = 0;

  function ask(name: CommandName, input: unknown): Promise<Answer> {
    // Nobody would answer, and nothing would say that the connection ended: it has said so already.
    if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(connectionEnded('it was closed before'));
    lastId += 1;
    const id = lastId;
    return new Promise((settle) => {
      const timer = setTimeout(() => {
        waiting.delete(id);
        settle(fail(apiFailure('deadline', `No answer to ${name} within ${commandTimeoutMs} ms.`)));
      }, commandTimeoutMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        settle(answer);
      });
      send(socket, { kind: 'command', id, name, input });
    });
  }

  return {
    async command(name, input) {
      const answer = await ask(name, input);
      if (!answer.ok) return answer;
      const output = parseOutput(name, answer.value);
      return output.ok ? output : fail(apiFailure('invalidMessage', `Answer to ${name}: ${output.error}`));
    },
    close: () => socket.close(),
  };
}

function connectionEnded(why: string): Answer {
  return fail(apiFailure('outcomeUnknown', `The connection to the console ended: ${why}.`));
}

function send(socket: WebSocket, message: ClientMessage): void {
  socket.send(JSON.stringify(message));
}
