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

/** Reply bytes buffered for a client that does not read, before it is disconnected. */
export const clientUnsentBytesMax = 16 * 1024 * 1024;

/** Entries sent to a reader of the log view in one answer. */
export const logViewEntriesMax = 1_000;
