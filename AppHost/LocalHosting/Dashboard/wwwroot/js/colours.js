// One colour for each resource, the same on every page.

const SERIES = 8;
const known = new Map();

/** Gives the resources of the app model their colours first: programs, which tell of themselves, then what they stand on. */
export function know(resources) {
  const rank = ({ type }) => ['Project', 'Executable', 'Container'].indexOf(type);
  resources.filter(resource => rank(resource) >= 0).toSorted((a, b) => rank(a) - rank(b)).forEach(resource => colourOf(resource.name));
}

/** The colour of a resource: a custom property of tokens.css. */
export function colourOf(name) {
  if (!known.has(name)) {
    known.set(name, `var(--series-${(known.size % SERIES) + 1})`);
  }

  return known.get(name);
}
