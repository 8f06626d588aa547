/** How a member's process ends, as its supervisor and its log file tell it (sysexits.h where it fits). */
export const memberExitCodes = {
  /** It was asked to stop, or its supervisor is gone. */
  stopped: 0,
  /** EX_USAGE: it was not started by a supervisor, or was told nonsense. */
  misused: 64,
  /** EX_DATAERR: the data directory is missing, somebody else's, damaged, or was given up. */
  dataRefused: 65,
  /** EX_UNAVAILABLE: a port is in use. */
  portTaken: 69,
  /** EX_SOFTWARE: an invariant of the program does not hold. */
  defect: 70,
  /** EX_IOERR: the disk failed. */
  diskFailed: 74,
} as const;

export type MemberExitCode = (typeof memberExitCodes)[keyof typeof memberExitCodes];
