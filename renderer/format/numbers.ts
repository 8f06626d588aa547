/** Numbers for people: grouped, with their unit, in the digits of the language. */

/** Formatters of one language; made once per language, since Intl objects are costly. */
export interface NumberFormats {
  /** A whole number with its groups: `12,345`. */
  count(value: number): string;
  /** A size in bytes with a binary unit: `1.5 MiB`. */
  bytes(value: number): string;
  /** A duration in milliseconds with the unit that suits it: `0.42 ms`, `3.1 s`, `2 h 5 min`. */
  duration(valueMs: number): string;
  /** A span that is looked at while it grows: in whole seconds, `8 s`, `3 min 20 s`. */
  span(valueMs: number): string;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** The formatters of a BCP 47 language tag. */
export function numberFormats(language: string): NumberFormats {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
  const tenth = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

  /** Two significant digits below ten, whole above. */
  const short = (value: number) => (value < 1 ? fine : value < 10 ? tenth : whole).format(value);

  return {
    count: (value) => whole.format(value),
    bytes(value) {
      let unit = 0;
      let scaled = value;
      while (scaled >= 1024 && unit < byteUnits.length - 1) {
        scaled /= 1024;
        unit += 1;
      }
      return `${unit === 0 ? whole.format(scaled) : short(scaled)} ${byteUnits[unit]}`;
    },
    duration(valueMs) {
      const ms = Math.max(0, valueMs);
      if (ms < 1_000) return ms === 0 ? '0 ms' : `${short(ms)} ms`;
      const seconds = ms / 1_000;
      if (seconds < 60) return `${short(seconds)} s`;
      return pair(Math.floor(seconds), whole);
    },
    span(valueMs) {
      const seconds = Math.max(0, Math.floor(valueMs / 1_000));
      return seconds < 60 ? `${whole.format(seconds)} s` : pair(seconds, whole);
    },
  };
}

function pair(seconds: number, whole: Intl.NumberFormat): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, 'min', seconds % 60, 's', whole);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min', whole);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h', whole);
}

function join(large: number, largeUnit: string, small: number, smallUnit: string, whole: Intl.NumberFormat) {
  const first = `${whole.format(large)} ${largeUnit}`;
  return small === 0 ? first : `${first} ${small} ${smallUnit}`;
}
