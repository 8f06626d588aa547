/** What the operator can ask for that takes time and can fail. */
export type MemberOperation =
  | 'start'
  | 'stop'
  | 'kill'
  | 'pause'
  | 'resume'
  | 'restart'
  | 'isolate'
  /** Leadership goes to the member. */
  | 'transfer'
  | 'snapshot'
  /** Its data directory is given up; it comes back under a new one. */
  | 'replace';

export type Operation =
  | { readonly kind: 'member'; readonly operation: MemberOperation; readonly member: number }
  | { readonly kind: 'partition'; readonly groups: string }
  | { readonly kind: 'heal' }
  | { readonly kind: 'znode.create'; readonly path: string }
  | { readonly kind: 'znode.set'; readonly path: string }
  | { readonly kind: 'znode.delete'; readonly path: string }
  | { readonly kind: 'subtree.delete'; readonly path: string };
