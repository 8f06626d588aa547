/**
 * A console server whose ensemble is data: it speaks the real messages, checked by the real schemas,
 * and does what a test tells it. Over any socket that carries texts.
 */
import { type CommandName, commands, isCommandName } from '../../../cluster/api/commands.ts';
import type { EnsembleView, MemberView } from '../../../cluster/api/ensemble.ts';
import type { ApiError } from '../../../cluster/api/errors.ts';
import type { LogPage } from '../../../cluster/api/log.ts';
import { closeCodes, parseClientMessage, type ServerMessage } from '../../../cluster/api/messages.ts';
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import type { View, ViewSnapshot } from '../../../cluster/api/views.ts';
import { ok, type Result } from '../../../cluster/base/result.ts';
import { noon, sampleEnsemble, sampleEvent, samplePage } from '../../store/testing/samples.ts';
import { refusal, ScriptedZnodes } from './scripted-znodes.ts';

export const scriptedToken = 'token-of-this-run';

/** The server's end of a socket. */
export interface ServerSocket {
  send(text: string): void;
  close(code: number): void;
}

export interface ServerConnection {
  received(text: string): void;
  closed(): void;
}

interface Subscription {
  readonly id: number;
  readonly view: View;
  revision: number;
  lastSequence: number;
}

export class ScriptedServer {
  readonly znodes = new ScriptedZnodes();
  ensemble: EnsembleView = sampleEnsemble();
  events: TimelineEvent[] = [
    sampleEvent(1, { kind: 'ensembleStarted', member: null, facts: { members: 3 } }),
    sampleEvent(2, { kind: 'leaderElected', member: 2, facts: { term: 3, withoutLeaderMs: 74 } }),
  ];
  logs: LogPage[] = [samplePage(1), samplePage(2), samplePage(3)];
  /** Names this run: another one stands for another instance. */
  instance = 'run-1';
  /** The server's clock: sample reports are as fresh as this says. */
  now: () => number = () => noon;
  /** Answers instead of the tree, to play an ensemble that cannot serve. */
  trouble: ApiError | null = null;
  /** Commands received, oldest first. */
  readonly commands: { readonly name: string; readonly input: unknown }[] = [];
  readonly #refreshes = new Set<() => void>();
  readonly #closes = new Set<(code: number) => void>();

  /** Sends every subscriber what is there now. */
  publish(change: Partial<EnsembleView> = {}): void {
    this.ensemble = { ...this.ensemble, ...change };
    for (const refresh of this.#refreshes) refresh();
  }

  /** Changes one member of the ensemble, and publishes. */
  change(id: number, change: Partial<MemberView>): void {
    this.publish({
      members: this.ensemble.members.map((member) => (member.id === id ? { ...member, ...change } : member)),
    });
  }

  /** Adds an event to the timeline, and publishes. */
  happen(event: Partial<TimelineEvent>): void {
    this.events = [...this.events, sampleEvent(this.events.length + 1, event)];
    this.publish();
  }

  /** Closes every socket. */
  hangUp(code: number = closeCodes.closing): void {
    for (const close of [...this.#closes]) close(code);
  }

  /** Serves one client. */
  accept(socket: ServerSocket): ServerConnection {
    const subscriptions = new Map<number, Subscription>();
    let authenticated = false;
    const send = (message: ServerMessage) => socket.send(JSON.stringify(message));
    const refresh = () => {
      for (const subscription of subscriptions.values()) this.#send(subscription, 'delta', send);
    };
    const closed = () => {
      this.#refreshes.delete(refresh);
      this.#closes.delete(close);
      stopWatching();
    };
    const close = (code: number) => {
      closed();
      socket.close(code);
    };
    const stopWatching = this.znodes.onChange(refresh);
    this.#refreshes.add(refresh);
    this.#closes.add(close);

    return {
      closed,
      received: (text) => {
        const message = parseClientMessage(text);
        if (!message.ok) throw new Error(`the console sent ${text}: ${message.error}`);
        const { value } = message;
        if (value.kind === 'authenticate') {
          if (value.token !== scriptedToken) return close(closeCodes.notAuthenticated);
          authenticated = true;
          const { instance } = this;
          return send({
            kind: 'welcome',
            protocol: 1,
            instance,
            startedAtMs: noon,
            dataFolder: '/data',
            nowMs: this.now(),
          });
        }
        if (!authenticated) return close(closeCodes.notAuthenticated);
        if (value.kind === 'unsubscribe') return void subscriptions.delete(value.id);
        if (value.kind === 'subscribe') {
          const subscription = { id: value.id, view: value.view, revision: 0, lastSequence: 0 };
          subscriptions.set(value.id, subscription);
          return this.#send(subscription, 'snapshot', send);
        }
        const answer = this.#answer(value.name, value.input);
        send(
          answer.ok
            ? { kind: 'result', id: value.id, output: answer.value }
            : { kind: 'failure', id: value.id, error: answer.error },
        );
      },
    };
  }

  #send(
    subscription: Subscription,
    kind: 'snapshot' | 'delta',
    send: (message: ServerMessage) => void,
  ): void {
    const { view } = subscription;
    const head = { subscription: subscription.id, revision: subscription.revision };
    subscription.revision += 1;
    if (this.trouble !== null && (view.kind === 'znode' || view.kind === 'children')) {
      return send({ kind: 'trouble', ...head, error: this.trouble });
    }
    if (view.kind === 'timeline') {
      const after = Math.max(view.after, subscription.lastSequence);
      const events = this.events.filter(({ sequence }) => sequence > after);
      subscription.lastSequence = this.events.at(-1)?.sequence ?? 0;
      return kind === 'snapshot'
        ? send({ kind, ...head, content: { view: 'timeline', events, missed: 0 } })
        : send({ kind, ...head, content: { view: 'timeline', events } });
    }
    const content = this.#content(view);
    if (kind === 'snapshot') return send({ kind, ...head, content });
    if (content.view === 'log') {
      const [page] = content.pages;
      return page === undefined ? undefined : send({ kind, ...head, content: { view: 'log', page } });
    }
    if (content.view !== 'timeline') send({ kind, ...head, content });
  }

  #content(view: Exclude<View, { readonly kind: 'timeline' }>): ViewSnapshot {
    switch (view.kind) {
      case 'ensemble':
        return { view: 'ensemble', ensemble: this.ensemble };
      case 'log':
        return { view: 'log', pages: this.logs };
      case 'znode':
        return { view: 'znode', znode: this.znodes.watch(view.path) };
      case 'children':
        return { view: 'children', children: this.znodes.watchChildren(view.path) };
    }
  }

  #answer(name: string, input: unknown): Result<unknown, ApiError> {
    if (!isCommandName(name)) return refusal('unknownCommand', name);
    const checked = commands[name].input.parse(input);
    if (name !== 'timeline.read') this.commands.push({ name, input: checked });
    if (this.trouble !== null && name.startsWith('znode.')) return { ok: false, error: this.trouble };
    return this.#perform(name, checked);
  }

  #perform(name: CommandName, input: unknown): Result<unknown, ApiError> {
    switch (name) {
      case 'znode.get':
        return this.znodes.get(commands[name].input.parse(input).path);
      case 'znode.acl':
        return this.znodes.acl(commands[name].input.parse(input).path);
      case 'znode.children':
        return this.znodes.children(commands[name].input.parse(input));
      case 'znode.create':
        return this.znodes.create(commands[name].input.parse(input));
      case 'znode.set':
        return this.znodes.set(commands[name].input.parse(input));
      case 'znode.delete':
        return this.znodes.remove(commands[name].input.parse(input));
      case 'log.read': {
        const { member } = commands[name].input.parse(input);
        const page = this.logs.find((log) => log.member === member);
        return page === undefined
          ? refusal('operationFailed', `Member ${member} does not answer.`)
          : ok(page);
      }
      case 'timeline.read':
        return ok([]);
      default:
        return ok(null);
    }
  }
}
