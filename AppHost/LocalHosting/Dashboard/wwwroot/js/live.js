// What happens while the page is looked at, over one server-sent event stream.

/**
 * One page's stream. A page subscribes once with a handler for each channel:
 *
 *   live.subscribe({ logs: items => ... }, { resync: () => ask the API anew, changed: () => render });
 *   live.subscribe({ console: lines => ... }, { channels: ['console:api'], resync, changed });
 *
 * `resync` is called when events were missed: after a pause, after a lost connection, when the server says that we lagged.
 * What the API is asked once `ready` is there has nothing missing before the first event. With `isOff`, for an earlier run, nothing comes.
 */
export function createLive({ isOff = false } = {}) {
  let source = null;
  let handlers = {};
  let channels = [];
  let { resync, changed } = { resync() {}, changed() {} };
  let wasLost = false;
  let retry = 0;
  let opened = () => {};
  const live = { isOff, isPaused: false, isConnected: false, missed: 0, ready: Promise.resolve(), subscribe, pause, resume, toggle, close };
  return live;

  function subscribe(newHandlers, options = {}) {
    close();
    handlers = newHandlers;
    resync = options.resync ?? (() => {});
    changed = options.changed ?? (() => {});
    channels = options.channels ?? Object.keys(handlers);
    wasLost = false;
    if (!isOff && channels.length > 0) {
      live.ready = new Promise(resolve => { opened = resolve; });
      open();
    }
  }

  function open() {
    source = new EventSource(`/api/events?channels=${encodeURIComponent(channels.join(','))}`);
    source.onopen = () => {
      live.isConnected = true;
      opened();
      changed();
      if (wasLost) {
        wasLost = false;
        caughtUp();
      }
    };
    source.onerror = () => {
      live.isConnected = false;
      wasLost = true;
      opened();
      changed();
      if (source.readyState === EventSource.CLOSED) {
        // An answer that is no stream, after which the browser gives up. A restarted host wants a new login: the API's answer leads there.
        retry = setTimeout(() => {
          caughtUp();
          open();
        }, 2000);
      }
    };
    source.addEventListener('lagged', caughtUp);
    for (const name of Object.keys(handlers)) {
      source.addEventListener(name, event => take(name, event.data));
    }
  }

  function take(name, data) {
    if (live.isPaused) {
      live.missed++;
      changed();
    } else {
      handlers[name](JSON.parse(data));
    }
  }

  function caughtUp() {
    if (live.isPaused) {
      live.missed++;
    } else {
      resync();
    }
  }

  function pause() {
    live.isPaused = true;
    changed();
  }

  function resume() {
    live.isPaused = false;
    const { missed } = live;
    live.missed = 0;
    changed();
    if (missed > 0) {
      resync();
    }
  }

  function toggle() {
    if (live.isPaused) {
      resume();
    } else {
      pause();
    }
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
    live.isConnected = false;
  }
}
