/** Points in time and spans between them. */

/** Clock formats of one language, on the operator's own time zone. */
export interface TimeFormats {
  /** `14:03:07.250`, for lines that follow each other closely. */
  clock(atMs: number): string;
  /** Date and time to the second. */
  dateTime(atMs: number): string;
}

/** The formatters of a BCP 47 language tag. */
export function timeFormats(language: string): TimeFormats {
  const clock = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  const dateTime = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  return { clock: (atMs) => clock.format(atMs), dateTime: (atMs) => dateTime.format(atMs) };
}

/** A running span as on a stopwatch: `00:14`, `1:02:07`. */
export function stopwatch(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
