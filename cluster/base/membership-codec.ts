/** The bytes of a membership record: the payload of `membership` entries, and a part of every snapshot. */
import { type ByteReader, ByteWriter, MalformedInput } from './bytes.ts';
import { incarnation, memberId } from './ids.ts';
import { flawOf, type MembershipCause, type MembershipRecord, type Seat } from './membership.ts';

const version = 1;
const causes = ['founded', 'changed', 'recovered'] as const satisfies readonly MembershipCause[];

/** As bytes. */
export function encodeMembershipRecord(record: MembershipRecord): Uint8Array {
  const { membership, cause } = record;
  const writer = new ByteWriter();
  writer.writeUint8(version);
  writer.writeUint8(causes.indexOf(cause));
  for (const seats of [membership.voters, membership.outgoing, membership.learners, membership.removed]) {
    writeSeats(writer, seats);
  }
  return writer.finish();
}

/** Reads what `encodeMembershipRecord` wrote. Throws `MalformedInput`. */
export function readMembershipRecord(reader: ByteReader): MembershipRecord {
  const found = reader.readUint8();
  if (found !== version) throw new MalformedInput(`membership of format ${found}`);
  const cause = causes[reader.readUint8()];
  if (cause === undefined) throw new MalformedInput('unknown cause of a membership');
  const voters = readSeats(reader);
  const outgoing = readSeats(reader);
  const learners = readSeats(reader);
  const membership = { voters, outgoing, learners, removed: readSeats(reader) };
  const flaw = flawOf(membership);
  if (flaw !== null) throw new MalformedInput(flaw);
  return { membership, cause };
}

function writeSeats(writer: ByteWriter, seats: readonly Seat[]): void {
  writer.writeInt32(seats.length);
  for (const seat of seats) {
    writer.writeUint8(seat.id);
    writer.writeInt64(seat.incarnation);
  }
}

function readSeats(reader: ByteReader): readonly Seat[] {
  const seats: Seat[] = [];
  for (let left = reader.readCount(9); left > 0; left -= 1) {
    const id = reader.readUint8();
    const life = reader.readSafeInteger();
    if (id === 0 || life >= 2 ** 48) throw new MalformedInput('not a seat');
    seats.push({ id: memberId(id), incarnation: incarnation(life) });
  }
  return seats;
}
