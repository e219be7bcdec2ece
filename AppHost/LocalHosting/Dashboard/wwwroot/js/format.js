// Numbers and times as people read them. Times come as milliseconds since the epoch, with a fraction.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' });
const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const short = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const whole = new Intl.NumberFormat();

/** 14:03:27.512, local. */
export const time = ms => clock.format(ms);

/** 14:03:27, local. */
export const timeOfDay = ms => minutes.format(ms);

/** Nov 28, 2026, 14:03:27, local: for a title. */
export const dateTime = ms => day.format(ms);

/** Nov 28, 14:03: for a list of runs. */
export const shortDateTime = ms => short.format(ms);

/** 12,345 */
export const count = n => whole.format(n);

/** 3 lines, 1 line */
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** 870 µs, 12.3 ms, 4.56 s, 3 m 20 s, 2 h 5 m, 3 d 4 h: three digits that matter. */
export function duration(ms) {
  if (ms < 1) {
    return `${digits(ms * 1000)} µs`;
  }

  if (ms < 999.5) {
    return `${digits(ms)} ms`;
  }

  if (ms < 59_950) {
    return `${digits(ms / 1000)} s`;
  }

  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) {
    return parts(seconds, 60, 'm', 1, 's');
  }

  return seconds < 86_400 ? parts(seconds, 3600, 'h', 60, 'm') : parts(seconds, 86_400, 'd', 3600, 'h');
}

/** 870 B, 12.3 KB, 4.56 MB. */
export function bytes(n) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }

  return unit === 0 ? `${Math.round(n)} B` : `${digits(n)} ${units[unit]}`;
}

/** A number with three digits that matter and no trailing zeros: 12.3, 0.05, 1.2k is not its business. */
export const digits = n => String(n >= 100 ? Math.round(n) : Number(n.toPrecision(3)));

function parts(seconds, big, bigName, small, smallName) {
  const first = Math.floor(seconds / big);
  const second = Math.floor((seconds % big) / small);
  return second > 0 ? `${first} ${bigName} ${second} ${smallName}` : `${first} ${bigName}`;
}
