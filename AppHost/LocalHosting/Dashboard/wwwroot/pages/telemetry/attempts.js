/** Asks the API for a page, and keeps how the last time failed: the page shows that instead of its rows. `changed` draws the page. */
export function attempts(changed) {
  let fault = null;

  // A request that the page itself gave up is no failure.
  const failed = error => {
    if (error.name !== 'AbortError') {
      fault = error;
      changed();
    }
  };

  return {
    get fault() {
      return fault;
    },
    failed,
    attempt: async act => {
      try {
        await act();
        fault = null;
      } catch (error) {
        failed(error);
      }
    },
  };
}
