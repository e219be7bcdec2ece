/** A round step (1, 2 or 5 times a power of ten) that cuts `span` into at most `most` pieces. */
export function niceStep(span, most) {
  const raw = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find(factor => factor * power >= raw * 0.999) ?? 10);
}

/** Round values from `from` to `to`, both included when they are round. */
export function ticks(from, to, most) {
  if (!(to > from)) {
    return [from];
  }

  const step = niceStep(to - from, most);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** Moments on whole seconds, minutes and hours of the reader's own clock, in milliseconds. */
export function timeTicks(from, to, most) {
  const step = 1_000 * (seconds.find(second => (to - from) / (second * 1_000) <= most) ?? seconds.at(-1));
  const zone = new Date(from).getTimezoneOffset() * 60_000;
  const moments = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) {
    moments.push(at);
  }

  return moments;
}
