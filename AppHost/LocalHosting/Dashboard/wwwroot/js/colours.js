// One colour for each resource, the same on every page.

const SERIES = 8;
const known = new Map();

/** Gives the resources of the app model their colours first, in the model's order. */
export const know = names => names.forEach(colourOf);

/** The colour of a resource: a custom property of tokens.css. */
export function colourOf(name) {
  if (!known.has(name)) {
    known.set(name, `var(--series-${(known.size % SERIES) + 1})`);
  }

  return known.get(name);
}
