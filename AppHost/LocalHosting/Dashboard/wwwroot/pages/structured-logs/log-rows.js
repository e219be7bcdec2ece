import { levels } from '/pages/telemetry/levels.js';

// Rows that the page holds: while it follows the newest, and while somebody reads further up.
const mostFollowed = 5_000;
const mostRead = 20_000;
const page = 200;

/** The same filter that the API applies, for rows that come live. */
export function matcher({ resource, level, text, traceId, spanId }) {
  const least = levels.indexOf(level ?? 'Trace');
  const wanted = text?.toLowerCase();
  return log => (!resource || log.resource === resource)
    && levels.indexOf(log.level) >= least
    && (!traceId || log.traceId === traceId)
    && (!spanId || log.spanId === spanId)
    && (!wanted || textsOf(log).some(one => one.toLowerCase().includes(wanted)));
}

/** What a search looks at. */
export const textsOf = log => [log.message, log.category, log.eventName, log.exception, ...log.attributes.flat()].filter(Boolean);

/**
 * A window on the logs that fit the filter: it begins at the newest, grows upwards on request and downwards by itself. Logs are
 * asked for in the order in which they arrived; `items` has them in that of their writing, which services send each at its own pace.
 */
export class LogRows {
  items = [];
  total = 0;
  hasOlder = false;
  hasNewer = false;
  isLoading = true;
  #api;
  #filter;
  #matches;
  #arrived = [];
  #waiting = null;
  #aborted = new AbortController();

  constructor(api, filter) {
    this.#api = api;
    this.#filter = filter;
    this.#matches = matcher(filter);
  }

  /** The newest rows, in place of all there are. */
  async loadNewest() {
    // What comes live meanwhile may be in the answer or not: it is held back and told apart by its id.
    const live = this.#waiting = [];
    try {
      const { items, hasMore, total } = await this.#get({});
      this.#keep(items);
      Object.assign(this, { total, hasOlder: hasMore, hasNewer: false });
    } finally {
      this.#waiting = null;
      this.isLoading = false;
    }

    this.add(live, true);
  }

  async loadOlder() {
    if (!this.hasOlder || this.isLoading) {
      return;
    }

    this.isLoading = true;
    const [oldest] = this.#arrived;
    try {
      const { items, hasMore } = await this.#get({ before: oldest.id });
      if (this.#arrived[0] === oldest) {
        this.#keep([...items, ...this.#arrived]);
        this.hasOlder = hasMore && this.items.length < mostRead;
      }
    } finally {
      this.isLoading = false;
    }
  }

  /** Rows that just came; @returns how many of them fit the filter. */
  add(logs, isFollowing) {
    if (this.#waiting !== null) {
      this.#waiting.push(...logs);
      return 0;
    }

    const last = this.#arrived.at(-1)?.id ?? -1;
    const fitting = logs.filter(log => log.id > last && this.#matches(log));
    this.total += fitting.length;

    if (this.hasNewer || (!isFollowing && this.items.length + fitting.length > mostRead)) {
      // Somebody reads further up for a long time: what comes is not kept, and loaded when they return to the end.
      this.hasNewer ||= fitting.length > 0;
    } else if (fitting.length > 0) {
      const all = [...this.#arrived, ...fitting];
      this.hasOlder ||= isFollowing && all.length > mostFollowed;
      this.#keep(isFollowing ? all.slice(-mostFollowed) : all);
    }

    return fitting.length;
  }

  /** Some that came were missed: what is there stays, and the end of it is no longer the newest. */
  breakOff() {
    this.hasNewer = true;
  }

  clear() {
    this.#keep([]);
    Object.assign(this, { total: 0, hasOlder: false, hasNewer: false });
  }

  stop() {
    this.#aborted.abort();
  }

  #keep(logs) {
    this.#arrived = logs;
    this.items = logs.toSorted((a, b) => a.time - b.time || a.id - b.id);
  }

  #get(params) {
    return this.#api.get('/api/structuredlogs', { ...this.#filter, limit: page, ...params }, { signal: this.#aborted.signal });
  }
}
