// UCUM units as instruments write them: "s", "ms", "By", "{token}", "1".
const scales = {
  time: [[1e-9, 'ns'], [1e-6, 'µs'], [1e-3, 'ms'], [1, 's'], [60, 'min'], [3_600, 'h']],
  bytes: [[1, 'B'], [2 ** 10, 'KiB'], [2 ** 20, 'MiB'], [2 ** 30, 'GiB'], [2 ** 40, 'TiB']],
  count: [[1, ''], [1e3, 'k'], [1e6, 'M'], [1e9, 'G']],
};

const known = {
  ns: ['time', 1e-9], us: ['time', 1e-6], ms: ['time', 1e-3], s: ['time', 1], min: ['time', 60], h: ['time', 3_600],
  By: ['bytes', 1], KiBy: ['bytes', 2 ** 10], MiBy: ['bytes', 2 ** 20], GiBy: ['bytes', 2 ** 30],
};

/** How values of a unit are written. All values of an axis get the same scale, that of its `largest`. */
export function unitFormat(unit, largest, { perSecond = false } = {}) {
  const [family, factor] = known[unit] ?? ['count', 1];
  const top = Math.abs(largest) * factor;
  const [divisor, symbol] = top === 0 ? scales[family].find(([size]) => size === 1) : scales[family].findLast(([size]) => top >= size) ?? scales[family][0];
  const suffix = (family === 'count' ? symbol : ` ${symbol}`) + word(unit, family) + (perSecond ? '/s' : '');
  return value => (value === null || value === undefined || Number.isNaN(value) ? '–' : `${digits(value * factor / divisor)}${suffix}`);
}

/** One value with the scale that suits it. */
export const formatValue = (value, unit, options) => unitFormat(unit, value ?? 0, options)(value);

export function unitName(unit, { perSecond = false } = {}) {
  const name = { By: 'bytes', s: 'seconds', ms: 'milliseconds', '%': 'percent', 1: 'ratio' }[unit] ?? unit?.replace(/[{}]/g, '') ?? '';
  return perSecond ? `${name || 'count'} per second` : name;
}

function word(unit, family) {
  return family === 'count' && unit === '%' ? ' %' : '';
}

function digits(value) {
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }

  return size >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
