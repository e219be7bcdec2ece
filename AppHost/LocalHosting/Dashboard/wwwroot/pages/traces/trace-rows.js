const most = 5_000;
const page = 100;

/** The same filter that the API applies, except the text: that is searched in spans, which a summary does not have. */
export function matcher({ resource, errors, minMs }) {
  return trace => (!resource || trace.resources.some(one => one.name === resource))
    && (!errors || trace.errors > 0)
    && (!minMs || trace.durationMs >= minMs);
}

/** The traces that fit the filter, newest first. They grow at the top by themselves and at the bottom on request. */
export class TraceRows {
  items = [];
  total = 0;
  hasOlder = false;
  isLoading = true;
  #isLoaded = false;
  #api;
  #filter;
  #matches;
  #next = null;
  #aborted = new AbortController();

  constructor(api, filter) {
    this.#api = api;
    this.#filter = filter;
    this.#matches = matcher(filter);
  }

  /** The newest ones; what is there already stays under them. */
  async loadNewest() {
    const { items, hasMore, total, next } = await this.#get({});
    if (!this.#isLoaded) {
      this.#isLoaded = true;
      this.hasOlder = hasMore;
      this.#next = next;
    }

    // What came live meanwhile may be newer than the answer.
    const known = new Map(this.items.map(trace => [trace.id, trace]));
    this.#merge(items.filter(trace => !(known.get(trace.id)?.spans > trace.spans)));
    this.total = total;
    this.isLoading = false;
  }

  async loadOlder() {
    if (!this.hasOlder || this.isLoading) {
      return;
    }

    this.isLoading = true;
    try {
      const { items, hasMore, next } = await this.#get({ before: this.#next });
      this.hasOlder = hasMore;
      this.#next = next;
      this.#merge(items);
    } finally {
      this.isLoading = false;
    }
  }

  /** Traces that began or got more spans; @returns how many of them are new in the list. */
  add(traces) {
    const added = this.#merge(traces.filter(this.#matches));
    this.total += added;
    return added;
  }

  clear() {
    Object.assign(this, { items: [], total: 0, hasOlder: false });
    this.#isLoaded = false;
  }

  stop() {
    this.#aborted.abort();
  }

  #merge(traces) {
    const byId = new Map(this.items.map(trace => [trace.id, trace]));
    const before = byId.size;
    for (const trace of traces) {
      byId.set(trace.id, trace);
    }

    const sorted = [...byId.values()].sort((a, b) => b.start - a.start);
    if (sorted.length > most) {
      // The oldest go, and with them the place where those before them begin.
      this.hasOlder = false;
    }

    this.items = sorted.slice(0, most);
    return byId.size - before;
  }

  #get(params) {
    return this.#api.get('/api/traces', { ...this.#filter, limit: page, ...params }, { signal: this.#aborted.signal });
  }
}
