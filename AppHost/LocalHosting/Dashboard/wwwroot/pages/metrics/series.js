const COLOURS = 8;

const seriesColour = index => `var(--series-${index % COLOURS + 1})`;

export const FIRST_SHOWN = 8;

/** What tells the dimensions of an instrument apart; what all of them share is said once. */
export function describe(dimensions) {
  const values = new Map();
  for (const { attributes } of dimensions) {
    for (const [name, value] of attributes) {
      values.get(name)?.add(value) ?? values.set(name, new Set([value]));
    }
  }

  const isShared = name => dimensions.length > 1 && values.get(name).size === 1 && dimensions.every(({ attributes }) => attributes.some(attribute => attribute[0] === name));
  const shared = dimensions[0]?.attributes.filter(([name]) => isShared(name)) ?? [];
  return {
    shared,
    series: dimensions.map(dimension => ({
      key: JSON.stringify(dimension.attributes),
      attributes: dimension.attributes,
      label: dimension.attributes.filter(([name]) => !isShared(name)).map(([, value]) => value).join(' · ') || 'all',
      points: dimension.points,
    })),
  };
}

/** The busiest first: by the newest value of a number, by the count of a histogram. */
export function ranked(series, kind) {
  const weight = ({ points }) => (kind === 'histogram' ? points.reduce((sum, point) => sum + point[1], 0) : Math.abs(points.at(-1)?.[1] ?? 0));
  return series.map(one => ({ ...one, weight: weight(one) })).sort((a, b) => b.weight - a.weight || a.key.localeCompare(b.key));
}

/** Lines keep their colours while their order by value changes. */
export function coloured(series, colours) {
  for (const { key } of series) {
    if (!colours.has(key)) {
      colours.set(key, seriesColour(colours.size));
    }
  }

  return series.map(one => ({ ...one, colour: colours.get(one.key) }));
}

export const percentiles = [['p50', 3], ['p90', 4], ['p99', 5]];

/** One histogram as three lines. */
export const percentileLines = ({ points }) => percentiles.map(([label, column], index) => ({
  label, colour: seriesColour([0, 1, 3][index]), points: points.map(point => [point[0], point[column]]),
}));
