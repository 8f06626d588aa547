/**
 * Four-letter words: a connection whose first four bytes spell one gets a text and is closed.
 * Layouts as ZooKeeper 3.8 prints them (`server.command.*`), because monitoring tools parse them.
 *
 * The text of an unknown word reads as the length of a frame, 1.6 GB and more, and is refused there.
 */
import { unreachable } from '../base/assert.ts';
import { hex, type Zxid } from '../base/ids.ts';

const answered = ['ruok', 'srvr', 'stat', 'mntr', 'conf', 'isro'] as const;

/** Words of ZooKeeper that are refused by name, as it does with words that are not on its whitelist. */
const refused = [
  'cons',
  'crst',
  'dirs',
  'dump',
  'envi',
  'gtmk',
  'hash',
  'lead',
  'srst',
  'stmk',
  'wchc',
  'wchp',
  'wchs',
] as const;

export type FourLetterWord = (typeof answered)[number] | (typeof refused)[number];

const words: ReadonlyMap<string, FourLetterWord> = new Map(
  [...answered, ...refused].map((word) => [word, word]),
);

/** The word that the first four bytes of a connection spell, or null: then they are a frame's length. */
export function fourLetterWordIn(firstBytes: Uint8Array): FourLetterWord | null {
  return words.get(String.fromCharCode(...firstBytes.subarray(0, 4))) ?? null;
}

/** What a member knows of itself. */
export interface ServerFacts {
  /** As clients parse it: a ZooKeeper version number first (`3.9.3-muster, built on …`). */
  readonly version: string;
  readonly configuration: ConfigurationFacts;
  /** Null while the member serves no clients. */
  readonly service: ServiceFacts | null;
}

export interface ConfigurationFacts {
  readonly serverId: number;
  readonly clientPort: number;
  readonly dataFolder: string;
  readonly tickMs: number;
  readonly connectionsMax: number;
  readonly sessionTimeoutMinMs: number;
  readonly sessionTimeoutMaxMs: number;
}

export interface ServiceFacts {
  readonly mode: 'leader' | 'follower' | 'observer' | 'standalone';
  readonly zxid: Zxid;
  readonly znodes: number;
  readonly ephemerals: number;
  readonly watches: number;
  readonly dataBytes: number;
  readonly sessions: number;
  /** Requests not answered yet. */
  readonly outstanding: number;
  /** Packets from and to clients. */
  readonly received: number;
  readonly sent: number;
  readonly latencyMs: { readonly min: number; readonly average: number; readonly max: number };
  readonly clients: readonly ClientFacts[];
  /** Voters of the ensemble, this one included. */
  readonly quorumSize: number;
  readonly uptimeMs: number;
  /** Open file descriptors and their limit; null where the platform does not tell. */
  readonly openFiles: { readonly count: number; readonly max: number } | null;
  /** The leader's view of the others; null on the rest. */
  readonly followers: { readonly count: number; readonly synced: number } | null;
}

export interface ClientFacts {
  /** Address and port: `127.0.0.1:40100`. */
  readonly label: string;
  readonly queued: number;
  readonly received: number;
  readonly sent: number;
}

const notServing = 'This ZooKeeper instance is not currently serving requests\n';

/** The answer to a word. `ruok` only says that the process runs; the others need a serving member. */
export function answerFourLetterWord(word: FourLetterWord, facts: ServerFacts): string {
  const { service } = facts;
  switch (word) {
    case 'ruok':
      return 'imok';
    case 'isro':
      return service === null ? 'null' : 'rw';
    case 'srvr':
      return service === null ? notServing : `${versionLine(facts)}${statistics(service)}`;
    case 'stat':
      if (service === null) return notServing;
      return `${versionLine(facts)}Clients:\n${service.clients.map(clientLine).join('')}\n${statistics(service)}`;
    case 'mntr':
      return service === null ? notServing : monitorLines(facts.version, service);
    case 'conf':
      return service === null ? notServing : configurationLines(facts.configuration);
    case 'cons':
    case 'crst':
    case 'dirs':
    case 'dump':
    case 'envi':
    case 'gtmk':
    case 'hash':
    case 'lead':
    case 'srst':
    case 'stmk':
    case 'wchc':
    case 'wchp':
    case 'wchs':
      return `${word} is not executed because it is not in the whitelist.\n`;
    default:
      return unreachable(word);
  }
}

function versionLine(facts: ServerFacts): string {
  return `Zookeeper version: ${facts.version}\n`;
}

/** `ServerStats.toString`, then `Node count`. */
function statistics(service: ServiceFacts): string {
  const { min, average, max } = service.latencyMs;
  return [
    `Latency min/avg/max: ${Math.floor(min)}/${decimal(average)}/${Math.floor(max)}`,
    `Received: ${service.received}`,
    `Sent: ${service.sent}`,
    `Connections: ${service.clients.length}`,
    `Outstanding: ${service.outstanding}`,
    `Zxid: ${hex(service.zxid)}`,
    `Mode: ${service.mode}`,
    `Node count: ${service.znodes}`,
    '',
  ].join('\n');
}

/** One line of `stat`; the number in brackets is the selector's interest in Java, 1 for reading. */
function clientLine({ label, queued, received, sent }: ClientFacts): string {
  return ` /${label}[1](queued=${queued},recved=${received},sent=${sent})\n`;
}

/** Keys as in 3.8, and `zk_followers`, its name up to 3.5, for older dashboards. */
function monitorLines(version: string, service: ServiceFacts): string {
  const { latencyMs, openFiles, followers } = service;
  const rows: (readonly [string, string | number])[] = [
    ['version', version],
    ['server_state', service.mode],
    ['ephemerals_count', service.ephemerals],
    ['num_alive_connections', service.clients.length],
    ['avg_latency', decimal(latencyMs.average)],
    ['outstanding_requests', service.outstanding],
    ['znode_count', service.znodes],
    ['global_sessions', service.sessions],
    ['packets_sent', service.sent],
    ['packets_received', service.received],
    ['watch_count', service.watches],
    ['min_latency', Math.floor(latencyMs.min)],
    ['approximate_data_size', service.dataBytes],
    ['local_sessions', 0],
    ['uptime', Math.floor(service.uptimeMs)],
    ['max_latency', Math.floor(latencyMs.max)],
  ];
  if (openFiles !== null) {
    rows.push(['open_file_descriptor_count', openFiles.count], ['max_file_descriptor_count', openFiles.max]);
  }
  if (service.mode !== 'standalone') {
    rows.push(['quorum_size', service.quorumSize], ['peer_state', peerState(service.mode)]);
  }
  if (followers !== null) {
    rows.push(
      ['learners', followers.count],
      ['followers', followers.count],
      ['synced_followers', followers.synced],
      ['synced_observers', 0],
      ['pending_syncs', followers.count - followers.synced],
    );
  }
  return rows.map(([key, value]) => `zk_${key}\t${value}\n`).join('');
}

/** `QuorumPeer.ServerState` and `ZabState`. */
const peerStates = { leader: 'leading', follower: 'following', observer: 'observing' } as const;

/** `QuorumPeer.getDetailedState`. */
function peerState(mode: keyof typeof peerStates): string {
  return `${peerStates[mode]} - broadcast`;
}

/** `ZooKeeperServerConf`; what does not exist here has the value that stands for "none" there. */
function configurationLines(configuration: ConfigurationFacts): string {
  return [
    `clientPort=${configuration.clientPort}`,
    'secureClientPort=-1',
    `dataDir=${configuration.dataFolder}`,
    `dataLogDir=${configuration.dataFolder}`,
    `tickTime=${configuration.tickMs}`,
    `maxClientCnxns=${configuration.connectionsMax}`,
    `minSessionTimeout=${configuration.sessionTimeoutMinMs}`,
    `maxSessionTimeout=${configuration.sessionTimeoutMaxMs}`,
    'clientPortListenBacklog=-1',
    `serverId=${configuration.serverId}`,
    '',
  ].join('\n');
}

/** A Java double with up to four decimals: `0.0`, `1.25`. */
function decimal(value: number): string {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}
