/** Why something failed: meaning and advice in the language of the screen, the case itself as reported. */

import { useTranslate } from '../i18n/language-context.tsx';
import type { LabelKey } from '../i18n/translate.ts';
import type { Failure, FailureCode } from '../store/failure.ts';

const meanings: Readonly<Record<FailureCode, LabelKey>> = {
  noNode: 'error.noNode',
  nodeExists: 'error.nodeExists',
  badVersion: 'error.badVersion',
  notEmpty: 'error.notEmpty',
  noAuth: 'error.noAuth',
  noChildrenForEphemerals: 'error.noChildrenForEphemerals',
  invalidAcl: 'error.invalidAcl',
  badArguments: 'error.badArguments',
  unimplemented: 'error.unimplemented',
  noQuorum: 'error.noQuorum',
  deadline: 'error.deadline',
  outcomeUnknown: 'error.outcomeUnknown',
  unknownMember: 'error.unknownMember',
  wrongState: 'error.wrongState',
  operationFailed: 'error.operationFailed',
  refused: 'error.refused',
  invalidMessage: 'error.invalidMessage',
  invalidInput: 'error.invalidInput',
  unknownCommand: 'error.unknownCommand',
  notAuthenticated: 'error.notAuthenticated',
  tooMany: 'error.tooMany',
  closing: 'error.closing',
  internal: 'error.internal',
  notConnected: 'error.notConnected',
};

export function FailureText(props: { readonly failure: Failure }) {
  const t = useTranslate();
  const { code, what } = props.failure;
  return (
    <>
      <p>{t(meanings[code])}</p>
      <p lang="en" className="mt-1 font-mono text-2xs break-words opacity-80">
        {what}
      </p>
    </>
  );
}
