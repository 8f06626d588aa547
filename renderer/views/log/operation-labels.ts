/** Operations of log entries in words. */
import type { LogOperation } from '../../../cluster/api/log.ts';
import type { LabelKey } from '../../i18n/translate.ts';

export const operationLabels: Readonly<Record<LogOperation, LabelKey>> = {
  noop: 'operation.noop',
  membership: 'operation.membership',
  createSession: 'operation.createSession',
  attachSession: 'operation.attachSession',
  closeSession: 'operation.closeSession',
  expireSession: 'operation.expireSession',
  create: 'operation.create',
  delete: 'operation.delete',
  setData: 'operation.setData',
  setAcl: 'operation.setAcl',
  check: 'operation.check',
  multi: 'operation.multi',
  unknown: 'operation.unknown',
};
