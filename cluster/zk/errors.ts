/** Error codes of the ZooKeeper protocol (`org.apache.zookeeper.KeeperException.Code`). */
export const zkErrorCodes = {
  ok: 0,
  systemError: -1,
  connectionLoss: -4,
  marshallingError: -5,
  unimplemented: -6,
  operationTimeout: -7,
  badArguments: -8,
  runtimeInconsistency: -2,
  noNode: -101,
  noAuth: -102,
  badVersion: -103,
  noChildrenForEphemerals: -108,
  nodeExists: -110,
  notEmpty: -111,
  sessionExpired: -112,
  invalidCallback: -113,
  invalidAcl: -114,
  authFailed: -115,
  sessionMoved: -118,
  notReadOnly: -119,
} as const;

/** An answer that is an error; the name is Apache's constant in camel case. */
export type ZkError = Exclude<keyof typeof zkErrorCodes, 'ok'>;
