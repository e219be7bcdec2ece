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

/** A window on the logs that fit the filter: it begins at the newest, grows upwards on request and downwards by itself. */
export class LogRows {
  items = [];
  total = 0;
  hasOlder = false;
  hasNewer = false;
  isLoading = true;
  #api;
  #filter;
  #matches;
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
    this.#waiting = [];
    const { items, hasMore, total } = await this.#get({});
    const live = this.#waiting;
    this.#waiting = null;
    Object.assign(this, { items, total, hasOlder: hasMore, hasNewer: false, isLoading: false });
    this.add(live, true);
  }

  async loadOlder() {
    if (!this.hasOlder || this.isLoading) {
      return;
    }

    this.isLoading = true;
    try {
      const { items, hasMore } = await this.#get({ before: this.items[0].id });
      this.items = [...items, ...this.items];
      this.hasOlder = hasMore && this.items.length < mostRead;
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

    const last = this.items.at(-1)?.id ?? -1;
    const fitting = logs.filter(log => log.id > last && this.#matches(log));
    this.total += fitting.length;

    if (this.hasNewer || (!isFollowing && this.items.length + fitting.length > mostRead)) {
      // Somebody reads further up for a long time: what comes is not kept, and loaded when they return to the end.
      this.hasNewer ||= fitting.length > 0;
    } else if (fitting.length > 0) {
      this.items = [...this.items, ...fitting];
    }

    if (isFollowing && this.items.length > mostFollowed) {
      this.items = this.items.slice(-mostFollowed);
      this.hasOlder = true;
    }

    return fitting.length;
  }

  /** Some that came were missed: what is there stays, and the end of it is no longer the newest. */
  breakOff() {
    this.hasNewer = true;
  }

  clear() {
    Object.assign(this, { items: [], total: 0, hasOlder: false, hasNewer: false });
  }

  stop() {
    this.#aborted.abort();
  }

  #get(params) {
    return this.#api.get('/api/structuredlogs', { ...this.#filter, limit: page, ...params }, { signal: this.#aborted.signal });
  }
}
