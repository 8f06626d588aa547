import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.ts';

describe('ByteReader', () => {
  it('gives bytes whose slice is a copy, even from a Buffer, whose own is not', () => {
    const chunk = Buffer.from([0, 0, 0, 2, 7, 8, 9]);
    const value = new ByteReader(chunk).readBuffer();
    const kept = value?.slice();
    expect([value?.buffer === chunk.buffer, kept?.buffer === chunk.buffer]).toEqual([true, false]);
    chunk.fill(0);
    expect(kept).toEqual(Uint8Array.of(7, 8));
  });
});

describe('ByteWriter', () => {
  it('writes every kind of field across the growth of its buffer', () => {
    const writer = new ByteWriter(1);
    writer.writeUint8(1);
    writer.writeInt32(-2);
    writer.writeUint32(3);
    writer.writeInt64(-4);
    writer.writeBytes(Uint8Array.of(5));
    writer.writeString('six');
    const reader = new ByteReader(writer.finish());
    expect([reader.readUint8(), reader.readInt32(), reader.readUint32(), reader.readInt64()]).toEqual([
      1, -2, 3, -4,
    ]);
    expect([...reader.readBytes(1)]).toEqual([5]);
    expect(reader.readString()).toBe('six');
  });

  it.each([1, 4, 5, 8])(
    'writes numbers into a buffer of %i bytes that must grow for them',
    (capacityBytes) => {
      const writer = new ByteWriter(capacityBytes);
      for (let value = 0; value < 20; value += 1) writer.writeInt32(value);
      const reader = new ByteReader(writer.finish());
      expect(Array.from({ length: 20 }, () => reader.readInt32())).toEqual(
        Array.from({ length: 20 }, (_, i) => i),
      );
    },
  );

  it('keeps writers apart that write in turns, and what was handed over as it was', () => {
    const made = Array.from({ length: 500 }, (_, at) => {
      const [one, two] = [new ByteWriter(16), new ByteWriter(16)];
      for (let value = 0; value < at % 9; value += 1) {
        one.writeInt32(at);
        two.writeInt32(-at);
      }
      return { at, one: one.finish(), two: two.finish() };
    });
    for (const { at, one, two } of made) {
      const [ones, twos] = [new ByteReader(one), new ByteReader(two)];
      expect([one.length, two.length]).toEqual([4 * (at % 9), 4 * (at % 9)]);
      while (ones.remaining > 0) expect([ones.readInt32(), twos.readInt32()]).toEqual([at, -at]);
    }
  });
});
