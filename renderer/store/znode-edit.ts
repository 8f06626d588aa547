/**
 * Drafts: values being edited, by path. A draft is based on the version it was begun from and is
 * lost only when the operator discards it: neither a conflict nor an error nor leaving the screen.
 */
import type { ZnodeValue, ZnodeWatch } from '../../cluster/api/znode.ts';
import { decodeBytes, fromHexText, toHexText } from '../format/bytes.ts';
import { bytesOfText, type LineEnd, textForm } from '../format/text-form.ts';
import type { Action } from './action.ts';
import type { Failure } from './failure.ts';

export type DraftFormat = 'text' | 'hex';

export type DraftStage =
  | { readonly kind: 'typing' }
  | { readonly kind: 'reviewing' }
  | { readonly kind: 'committing' }
  /** Somebody else wrote in between; `theirs` is what is there now. */
  | { readonly kind: 'conflicted'; readonly theirs: ZnodeWatch }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Draft {
  /** What the draft started from: its version guards the write. */
  readonly base: ZnodeValue;
  readonly format: DraftFormat;
  readonly lineEnd: LineEnd;
  readonly text: string;
  readonly stage: DraftStage;
}

export type Drafts = ReadonlyMap<string, Draft>;

export function reduceDrafts(state: Drafts, action: Action): Drafts {
  switch (action.kind) {
    case 'edit.begun':
      return new Map(state).set(action.base.path, begin(action.base));
    case 'edit.typed':
      return change(state, action.path, { text: action.text, stage: { kind: 'typing' } });
    case 'edit.reviewed':
      return change(state, action.path, { stage: { kind: 'reviewing' } });
    case 'edit.reopened':
      return change(state, action.path, { stage: { kind: 'typing' } });
    case 'edit.submitted':
      return change(state, action.path, { stage: { kind: 'committing' } });
    case 'edit.conflicted':
      return change(state, action.path, { stage: { kind: 'conflicted', theirs: action.theirs } });
    case 'edit.failed':
      return change(state, action.path, { stage: { kind: 'failed', failure: action.failure } });
    case 'edit.rebased':
      return change(state, action.theirs.path, { base: action.theirs, stage: { kind: 'reviewing' } });
    case 'edit.committed':
    case 'edit.discarded': {
      const drafts = new Map(state);
      drafts.delete(action.path);
      return drafts;
    }
    default:
      return state;
  }
}

/** The bytes that a draft would write; null while its hexadecimal is not well formed. */
export function draftBytes(draft: Draft): Uint8Array<ArrayBuffer> | null {
  return draft.format === 'hex' ? fromHexText(draft.text) : bytesOfText(draft.text, draft.lineEnd);
}

/** A value in the form in which the draft is edited, for comparison with it. */
export function inFormatOf(draft: Draft, value: ZnodeValue): string {
  const bytes = decodeBytes(value.data);
  if (draft.format === 'hex') return toHexText(bytes);
  const form = textForm(bytes);
  return form.kind === 'binary' ? toHexText(bytes) : form.text;
}

/** Whether a draft says anything else than what it started from. */
export function isChanged(draft: Draft): boolean {
  return draft.text !== inFormatOf(draft, draft.base);
}

function begin(base: ZnodeValue): Draft {
  const bytes = decodeBytes(base.data);
  const form = textForm(bytes);
  const stage = { kind: 'typing' } as const;
  if (form.kind === 'text') return { base, format: 'text', lineEnd: form.lineEnd, text: form.text, stage };
  return { base, format: 'hex', lineEnd: 'lf', text: toHexText(bytes), stage };
}

function change(state: Drafts, path: string, to: Partial<Draft>): Drafts {
  const draft = state.get(path);
  return draft === undefined ? state : new Map(state).set(path, { ...draft, ...to });
}
