/** Enough of an id to tell it from its neighbours. */
export const shortId = id => id.slice(0, 7);
