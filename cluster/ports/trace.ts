/** Things worth telling, past tense, structured: a member's log file, the timeline, a simulator's trace. */
export interface Trace {
  emit(
    level: TraceLevel,
    event: string,
    facts?: Readonly<Record<string, string | number | boolean | null>>,
  ): void;
}

export type TraceLevel = 'debug' | 'info' | 'warn' | 'error';
