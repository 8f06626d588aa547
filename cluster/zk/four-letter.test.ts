/** Four-letter words, text for text as ZooKeeper 3.8 prints them. */
import { describe, expect, it } from 'vitest';
import { createFrameSplitter } from '../base/frames.ts';
import { zxid } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import {
  answerFourLetterWord,
  fourLetterWordIn,
  type ServerFacts,
  type ServiceFacts,
} from './four-letter.ts';

const service: ServiceFacts = {
  mode: 'leader',
  zxid: zxid(0x1_0000_002a),
  znodes: 7,
  ephemerals: 1,
  watches: 3,
  dataBytes: 44,
  sessions: 2,
  outstanding: 5,
  received: 12,
  sent: 11,
  latencyMs: { min: 0.2, average: 1.23456, max: 40.9 },
  clients: [
    { label: '127.0.0.1:40100', queued: 1, received: 4, sent: 3 },
    { label: '127.0.0.1:40102', queued: 0, received: 1, sent: 0 },
  ],
  quorumSize: 3,
  uptimeMs: 1234.5,
  openFiles: { count: 38, max: 20_000 },
  followers: { count: 2, synced: 1 },
};

const facts: ServerFacts = {
  version: '3.9.3-muster, built on 2026-01-01 00:00 UTC',
  configuration: {
    serverId: 1,
    clientPort: 2181,
    dataFolder: '/data/1',
    tickMs: 2_000,
    connectionsMax: 1_000,
    sessionTimeoutMinMs: 4_000,
    sessionTimeoutMaxMs: 40_000,
  },
  service,
};

const statistics = `Latency min/avg/max: 0/1.2346/40
Received: 12
Sent: 11
Connections: 2
Outstanding: 5
Zxid: 0x10000002a
Mode: leader
Node count: 7
`;

const texts = {
  ruok: 'imok',
  isro: 'rw',
  srvr: `Zookeeper version: 3.9.3-muster, built on 2026-01-01 00:00 UTC\n${statistics}`,
  stat: `Zookeeper version: 3.9.3-muster, built on 2026-01-01 00:00 UTC
Clients:
 /127.0.0.1:40100[1](queued=1,recved=4,sent=3)
 /127.0.0.1:40102[1](queued=0,recved=1,sent=0)

${statistics}`,
  mntr: `zk_version	3.9.3-muster, built on 2026-01-01 00:00 UTC
zk_server_state	leader
zk_ephemerals_count	1
zk_num_alive_connections	2
zk_avg_latency	1.2346
zk_outstanding_requests	5
zk_znode_count	7
zk_global_sessions	2
zk_packets_sent	11
zk_packets_received	12
zk_watch_count	3
zk_min_latency	0
zk_approximate_data_size	44
zk_local_sessions	0
zk_uptime	1234
zk_max_latency	40
zk_open_file_descriptor_count	38
zk_max_file_descriptor_count	20000
zk_quorum_size	3
zk_peer_state	leading - broadcast
zk_learners	2
zk_followers	2
zk_synced_followers	1
zk_synced_observers	0
zk_pending_syncs	1
`,
  conf: `clientPort=2181
secureClientPort=-1
dataDir=/data/1
dataLogDir=/data/1
tickTime=2000
maxClientCnxns=1000
minSessionTimeout=4000
maxSessionTimeout=40000
clientPortListenBacklog=-1
serverId=1
`,
  cons: 'cons is not executed because it is not in the whitelist.\n',
} as const;

type TestedWord = keyof typeof texts;
const tested = Object.keys(texts) as TestedWord[];

describe('answerFourLetterWord', () => {
  it.each(tested)('%s', (word) => {
    expect(answerFourLetterWord(word, facts)).toBe(texts[word]);
  });

  it.each(['srvr', 'stat', 'mntr', 'conf'] as const)('%s says when the member does not serve', (word) => {
    expect(answerFourLetterWord(word, { ...facts, service: null })).toBe(
      'This ZooKeeper instance is not currently serving requests\n',
    );
  });

  it('answers ruok as long as the process runs', () => {
    expect(answerFourLetterWord('ruok', { ...facts, service: null })).toBe('imok');
  });

  it('leaves out what only a leader of an ensemble has', () => {
    const alone = { ...service, mode: 'standalone', followers: null, openFiles: null } as const;
    const text = answerFourLetterWord('mntr', { ...facts, service: alone });
    expect(text.split('\n').at(-2)).toBe('zk_max_latency\t40');
  });

  it('prints a whole average as a Java double', () => {
    const idle = { ...service, latencyMs: { min: 0, average: 0, max: 0 } };
    expect(answerFourLetterWord('srvr', { ...facts, service: idle })).toContain(
      'Latency min/avg/max: 0/0.0/0\n',
    );
  });
});

describe('fourLetterWordIn', () => {
  it.each(tested)('knows %s, alone and before a newline', (word) => {
    expect(fourLetterWordIn(encodeUtf8(word))).toBe(word);
    expect(fourLetterWordIn(encodeUtf8(`${word}\n`))).toBe(word);
  });

  it('leaves a frame alone, and an unknown word to the splitter, which refuses it', () => {
    expect(fourLetterWordIn(Uint8Array.of(0, 0, 0, 45))).toBeNull();
    expect(fourLetterWordIn(encodeUtf8('xxxx'))).toBeNull();
    expect(createFrameSplitter({ frameBytesMax: 0xfffff }).push(encodeUtf8('xxxx')).ok).toBe(false);
  });

  it('is not fooled by three bytes', () => {
    expect(fourLetterWordIn(encodeUtf8('ruo'))).toBeNull();
  });
});
