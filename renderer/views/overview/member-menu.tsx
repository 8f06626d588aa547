/** What can be done to one member; what takes it away says first what that means. */
import {
  Camera,
  Copy,
  Crown,
  Pause,
  Play,
  Power,
  RefreshCw,
  RotateCcw,
  Rows3,
  Skull,
  Split,
  StepForward,
} from 'lucide-react';
import { type ReactElement, type ReactNode, useRef, useState } from 'react';
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { MemberOperation } from '../../store/operation.ts';
import { selectEnsemble, selectMembers } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Menu, MenuHeading, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { useOperations } from '../operations-context.tsx';
import { type ConfirmedOperation, ConfirmOperation } from './confirm-operation.tsx';

type ProcessKind = MemberView['process']['kind'];

interface Item {
  readonly operation: MemberOperation;
  readonly icon: ReactNode;
  readonly label: `member.${MemberOperation}`;
  readonly hint: `member.hint.${MemberOperation}`;
  readonly when: readonly ProcessKind[];
  readonly confirmed: ConfirmedOperation | null;
}

const up: readonly ProcessKind[] = ['up'];
const running: readonly ProcessKind[] = ['starting', 'up', 'paused', 'stopping'];

const items: readonly Item[] = [
  {
    operation: 'start',
    icon: <Play size="0.875rem" />,
    label: 'member.start',
    hint: 'member.hint.start',
    when: ['stopped', 'crashed'],
    confirmed: null,
  },
  {
    operation: 'resume',
    icon: <StepForward size="0.875rem" />,
    label: 'member.resume',
    hint: 'member.hint.resume',
    when: ['paused'],
    confirmed: null,
  },
  {
    operation: 'pause',
    icon: <Pause size="0.875rem" />,
    label: 'member.pause',
    hint: 'member.hint.pause',
    when: up,
    confirmed: 'pause',
  },
  {
    operation: 'restart',
    icon: <RotateCcw size="0.875rem" />,
    label: 'member.restart',
    hint: 'member.hint.restart',
    when: up,
    confirmed: 'restart',
  },
  {
    operation: 'stop',
    icon: <Power size="0.875rem" />,
    label: 'member.stop',
    hint: 'member.hint.stop',
    when: up,
    confirmed: 'stop',
  },
  {
    operation: 'transfer',
    icon: <Crown size="0.875rem" />,
    label: 'member.transfer',
    hint: 'member.hint.transfer',
    when: up,
    confirmed: null,
  },
  {
    operation: 'snapshot',
    icon: <Camera size="0.875rem" />,
    label: 'member.snapshot',
    hint: 'member.hint.snapshot',
    when: up,
    confirmed: null,
  },
  {
    operation: 'isolate',
    icon: <Split size="0.875rem" />,
    label: 'member.isolate',
    hint: 'member.hint.isolate',
    when: ['up', 'paused'],
    confirmed: 'isolate',
  },
  {
    operation: 'kill',
    icon: <Skull size="0.875rem" />,
    label: 'member.kill',
    hint: 'member.hint.kill',
    when: running,
    confirmed: 'kill',
  },
  {
    operation: 'replace',
    icon: <RefreshCw size="0.875rem" />,
    label: 'member.replace',
    hint: 'member.hint.replace',
    when: [...running, 'stopped', 'crashed'],
    confirmed: 'replace',
  },
];

export function MemberMenu(props: { readonly member: MemberView; readonly trigger: ReactElement }) {
  const t = useTranslate();
  const { operateMember, go, copyText } = useOperations();
  const alone = useSelect((state) => selectMembers(state).length === 1);
  const trigger = useRef<HTMLButtonElement>(null);
  const [asking, setAsking] = useState<ConfirmedOperation | null>(null);
  const { id, process, clientPort, standing } = props.member;
  const leads = useSelect((state) => selectEnsemble(state)?.leader === id);
  return (
    <>
      <Menu trigger={props.trigger} triggerRef={trigger} align="center">
        <MenuHeading>{t('common.member', { id })}</MenuHeading>
        {items.map(({ operation, icon, label, hint, when, confirmed }) => (
          <MenuItem
            key={operation}
            icon={icon}
            label={t(label)}
            hint={t(hint)}
            disabled={!when.includes(process.kind) || isPointless(operation, { alone, leads, standing })}
            {...(operation === 'kill' || operation === 'replace' ? { tone: 'danger' } : {})}
            onSelect={() => (confirmed === null ? operateMember(operation, id) : setAsking(confirmed))}
          />
        ))}
        <MenuSeparator />
        <MenuItem
          icon={<Rows3 size="0.875rem" />}
          label={t('member.openLog')}
          onSelect={() => go({ screen: 'log', index: null, member: id })}
        />
        <MenuItem
          icon={<Copy size="0.875rem" />}
          label={t('member.copyAddress')}
          hint={`127.0.0.1:${clientPort}`}
          onSelect={() => void copyText(`127.0.0.1:${clientPort}`)}
        />
      </Menu>
      {asking !== null && (
        <ConfirmOperation
          operation={asking}
          member={props.member}
          returnTo={trigger}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

/** What the state of the ensemble rules out, whatever the process does. */
function isPointless(
  operation: MemberOperation,
  {
    alone,
    leads,
    standing,
  }: { readonly alone: boolean; readonly leads: boolean; readonly standing: MemberView['standing'] },
): boolean {
  switch (operation) {
    case 'isolate':
    case 'replace':
      return alone;
    case 'transfer':
      return leads || standing !== 'voter';
    case 'start':
      return standing === 'lost' || standing === 'making';
    default:
      return false;
  }
}
