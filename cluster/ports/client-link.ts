/** One client's connection as the replica sees it: bytes out, and pauses. */
export interface ClientLink {
  /** The client's address, such as `127.0.0.1`: the `ip` identity. */
  readonly remoteAddress: string;
  /** Address and port, such as `127.0.0.1:51234`: how the client is named in reports. */
  readonly label: string;
  /** Buffers; what one turn sends leaves in one write. */
  send(bytes: Uint8Array): void;
  /** Bytes sent and not yet taken by the operating system. */
  readonly unsentBytes: number;
  pauseReading(): void;
  resumeReading(): void;
  /** Ends the connection after what was sent. */
  close(): void;
}

/** The replica's side of it. */
export interface ClientHandler {
  received(bytes: Uint8Array): void;
  /** The operating system has taken what was sent. */
  drained(): void;
  closed(): void;
}
