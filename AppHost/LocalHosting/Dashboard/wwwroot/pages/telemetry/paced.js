/** Calls `act` at once, and for what is asked of it within `pause` milliseconds once more after them; `stop` lets that last one go. */
export function paced(act, pause) {
  let timer = 0;
  let isWanted = false;
  const ask = () => {
    if (timer !== 0) {
      isWanted = true;
      return;
    }

    isWanted = false;
    timer = setTimeout(() => {
      timer = 0;
      if (isWanted) {
        ask();
      }
    }, pause);
    act();
  };
  return { ask, stop: () => clearTimeout(timer) };
}
