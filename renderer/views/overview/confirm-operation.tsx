/** Says exactly what an operation on a member will do, to the process and to the ensemble. */
import type { RefObject } from 'react';
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { MemberOperation } from '../../store/operation.ts';
import { selectEnsemble } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogButtons } from '../../ui/dialog.tsx';
import { useOperations } from '../operations-context.tsx';
import { consequenceOfLosing } from './consequence.ts';

export type ConfirmedOperation = Extract<
  MemberOperation,
  'stop' | 'kill' | 'pause' | 'restart' | 'isolate' | 'replace'
>;

const words = {
  stop: { title: 'confirm.stop', does: 'confirm.does.stop', undo: 'confirm.undo.start', go: 'member.stop' },
  kill: { title: 'confirm.kill', does: 'confirm.does.kill', undo: 'confirm.undo.start', go: 'member.kill' },
  pause: {
    title: 'confirm.pause',
    does: 'confirm.does.pause',
    undo: 'confirm.undo.resume',
    go: 'member.pause',
  },
  restart: {
    title: 'confirm.restart',
    does: 'confirm.does.restart',
    undo: 'confirm.undo.none',
    go: 'member.restart',
  },
  isolate: {
    title: 'confirm.isolate',
    does: 'confirm.does.isolate',
    undo: 'confirm.undo.heal',
    go: 'member.isolate',
  },
  replace: {
    title: 'confirm.replace',
    does: 'confirm.does.replace',
    undo: 'confirm.undo.replace',
    go: 'member.replace',
  },
} as const satisfies Record<ConfirmedOperation, unknown>;

export function ConfirmOperation(props: {
  readonly operation: ConfirmedOperation;
  readonly member: MemberView;
  readonly returnTo: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}) {
  const t = useTranslate();
  const { operateMember } = useOperations();
  const { operation, member, onClose } = props;
  const { title, undo, go } = words[operation];
  return (
    <Dialog
      title={t(title, { member: member.id })}
      closeLabel={t('common.close')}
      open
      returnTo={props.returnTo}
      onClose={onClose}
    >
      <ul className="flex list-disc flex-col gap-1.5 pl-4 text-ink-2">
        <li className="text-ink">
          <WhatItDoes operation={operation} member={member} />
        </li>
        <Consequences member={member} />
        <li>{t(undo)}</li>
      </ul>
      <DialogButtons>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          tone="danger"
          autoFocus
          onClick={() => {
            operateMember(operation, member.id);
            onClose();
          }}
        >
          {t(go)}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function WhatItDoes({
  operation,
  member,
}: {
  readonly operation: ConfirmedOperation;
  readonly member: MemberView;
}) {
  const t = useTranslate();
  const pid = 'pid' in member.process ? String(member.process.pid) : t('common.unknown');
  if (operation === 'isolate' || operation === 'replace') {
    return t(words[operation].does, { member: member.id });
  }
  return t(words[operation].does, { pid });
}

function Consequences({ member }: { readonly member: MemberView }) {
  const t = useTranslate();
  const ensemble = useSelect(selectEnsemble);
  if (ensemble === null) return null;
  const { isLeader, clients, working, total, needed, tolerance } = consequenceOfLosing(ensemble, member);
  return (
    <>
      {isLeader && <li>{tolerance < 0 ? t('confirm.leaderNoOther') : t('confirm.leader')}</li>}
      {clients > 0 && <li>{t('confirm.clients', { count: clients })}</li>}
      <li className={tolerance < 0 ? 'font-medium text-bad' : ''}>
        {tolerance < 0
          ? t('confirm.afterNoQuorum', { working, total, needed })
          : t('confirm.after', { working, total, tolerance })}
      </li>
    </>
  );
}
