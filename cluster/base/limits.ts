/** Every bound of the project, with its unit in its name and its source beside it. */

/** Largest client packet. 0xfffff: default of ZooKeeper's `jute.maxbuffer`. */
export const clientFrameBytesMax = 0xfffff;

/** Largest frame between members: a full batch of the largest packets fits (own choice). */
export const peerFrameBytesMax = 8 * 1024 * 1024;

/** Bytes of entries in one appendEntries message (etcd/raft's default `MaxSizePerMsg` is 1 MiB). */
export const appendBytesMax = 1024 * 1024;

/** appendEntries messages in flight to one follower (etcd/raft: `MaxInflightMsgs` 256; fewer, larger here). */
export const appendMessagesInFlightMax = 64;

/** Session timeout bounds: 2 and 20 ticks of 2,000 ms, ZooKeeper's defaults. */
export const sessionTimeoutMinMs = 4_000;
export const sessionTimeoutMaxMs = 40_000;

/** Requests a client may have unanswered before its socket is no longer read (`globalOutstandingLimit` 1,000). */
export const outstandingRequestsMax = 1_000;

/** Client connections from one address; all clients are local (DESIGN.md 6). */
export const clientConnectionsMax = 1_000;

/** Unanswered forwarded writes of one member before its clients' sockets are no longer read. */
export const forwardsPendingMax = 20_000;
export const forwardsPendingBytesMax = 64 * 1024 * 1024;

/** Bytes of commands sent to the leader and not yet applied here: a window, as in TCP. */
export const forwardsInFlightBytesMax = 4 * 1024 * 1024;

/** Reply bytes buffered for a client before its next requests wait until it has read them (own choice). */
export const clientUnsentBytesForPause = 1024 * 1024;

/** Reply and event bytes buffered for a client that does not read, before it is disconnected. */
export const clientUnsentBytesMax = 16 * 1024 * 1024;

/** Entries sent to a reader of the log view in one answer. */
export const logViewEntriesMax = 1_000;

/** Console server: sockets served at once, and how many of them may still owe the token (own choice). */
export const consoleSocketsMax = 64;
export const consoleSocketsUnauthenticatedMax = 16;

/** How long a socket of the console may take to send the token. */
export const consoleAuthenticateMs = 2_000;

/** A console client is pinged this often; one that has not answered by the next ping is dropped. */
export const consolePingMs = 15_000;

/** Per console client: commands under way, and live subscriptions. */
export const consoleCommandsMax = 64;
export const consoleSubscriptionsMax = 64;

/** Messages outside the protocol that a console client may send before it is disconnected. */
export const consoleInvalidMessagesMax = 8;

/**
 * Bytes unsent to a console client: past the first bound its live views get a gap instead of deltas,
 * past the second (answers it asked for and does not read) it is disconnected.
 */
export const consoleUnsentBytesForGap = 1024 * 1024;
export const consoleUnsentBytesMax = 16 * 1024 * 1024;

/** Live views are sent at most this often. */
export const consoleEnsemblePeriodMs = 100;
export const consoleTimelinePeriodMs = 50;
export const consoleLogPeriodMs = 250;

/** An operation of the console on znodes or members is given up after this. */
export const consoleOperationMs = 5_000;

/** Bytes of entries on the way to one follower (etcd/raft's `MaxInflightBytes`; own value: eight full messages). */
export const appendBytesInFlightMax = 8 * appendBytesMax;

/** Bytes of entries proposed and not committed (etcd/raft's `MaxUncommittedEntriesSize`; as much as one member may forward). */
export const uncommittedBytesMax = 64 * 1024 * 1024;

/** Read barriers waiting for a leader's confirmation, on a follower and on the leader (own choice). */
export const readsWaitingMax = 10_000;

/** Entries handed to the store by one step; the rest follow with the next (own choice: some milliseconds of work). */
export const applyEntriesMax = 4_096;

/** ZooKeeper client: requests not sent yet. */
export const zkClientWaitingMax = 20_000;

/** Bytes handed to the socket and not taken by the server, before requests wait in the client. */
export const zkClientUnsentBytesMax = 4 * 1024 * 1024;

/** Largest reply: the names of a million children. Apache's clients stop at 1 MiB (`jute.maxbuffer`). */
export const zkClientReplyBytesMax = 64 * 1024 * 1024;

/** Paths in one setWatches after a reconnect (`ClientCnxn.SET_WATCHES_MAX_LENGTH`). */
export const zkClientSetWatchesBytesMax = 128 * 1024;

/** A log segment is closed and the next one begun past this size (etcd's WAL: 64 MB). */
export const walSegmentBytesMax = 64 * 1024 * 1024;

/** Bytes to one peer that the operating system has not taken; frames past it are dropped, as by a network. */
export const peerUnsentBytesMax = 32 * 1024 * 1024;

/** Connections to the peer port that have not proved themselves yet. */
export const peerHandshakesMax = 32;

/** Connections to the peer port, proven or not: twice as many as there can be members. */
export const peerConnectionsMax = 512;

/** Bytes of one chunk of a store image: a slice of work, and a unit of transfer (own choice). */
export const imageChunkBytesMax = 256 * 1024;

/** Bytes of one record of a store image: a command came in one peer frame, and UTF-8 repair at most doubles it. */
export const imageRecordBytesMax = 2 * peerFrameBytesMax;

/** Entries a learner may lag behind and still become a voter (own choice: caught up within moments). */
export const promoteLagEntriesMax = 1_000;

/** Folders with damaged files that are kept aside; the oldest goes first (own choice). */
export const damagedArchivesMax = 2;

/** A snapshot on its way in notes durably how far it came after so many bytes (own choice). */
export const snapshotProgressBytes = 4 * 1024 * 1024;

/** Members of one ensemble: each is a process on this machine (own choice; ZooKeeper ensembles rarely have more). */
export const ensembleMembersMax = 7;

/** Bytes of a snapshot in one answer between members, one at a time: heartbeats wait for no more (own choice). */
export const snapshotTransferBytesMax = 256 * 1024;
