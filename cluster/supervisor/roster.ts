/** The ensemble's record in memory and on disk: a change is durable before anything acts by it. */
import { ok, type Result } from '../base/result.ts';
import { saveFounding, saveRecord } from './data-folder.ts';
import type { EnsembleRecord, MemberRecord } from './ensemble-file.ts';
import type { StartError } from './failures.ts';

export class Roster {
  /** The data folder. */
  readonly path: string;
  #record: EnsembleRecord;

  constructor(path: string, record: EnsembleRecord) {
    this.path = path;
    this.#record = record;
  }

  get record(): EnsembleRecord {
    return this.#record;
  }

  member(id: number): MemberRecord | null {
    return this.#record.members.find((member) => member.id === id) ?? null;
  }

  /** Replaces parts of the record. When it cannot be saved, the old one stays in force. */
  update(parts: Partial<EnsembleRecord>): Result<null, StartError> {
    return this.#keep({ ...this.#record, ...parts }, saveRecord);
  }

  /** As `update`, and before it makes the names of the members' directories durable. */
  directoriesMade(parts: Partial<EnsembleRecord>): Result<null, StartError> {
    return this.#keep({ ...this.#record, ...parts }, saveFounding);
  }

  /** Changes one member's entry. */
  updateMember(id: number, parts: Partial<MemberRecord>): Result<null, StartError> {
    return this.update({ members: this.withMember(id, parts) });
  }

  /** All members, one of them changed. */
  withMember(id: number, parts: Partial<MemberRecord>): MemberRecord[] {
    return this.#record.members.map((member) => (member.id === id ? { ...member, ...parts } : member));
  }

  #keep(
    record: EnsembleRecord,
    save: (path: string, record: EnsembleRecord) => Result<null, StartError>,
  ): Result<null, StartError> {
    const saved = save(this.path, record);
    if (!saved.ok) return saved;
    this.#record = record;
    return ok(null);
  }
}
