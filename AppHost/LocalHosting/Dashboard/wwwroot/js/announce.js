// Tells a screen reader what changed, at most once a second and only the newest.

let region = null;
let timer = 0;
let next = '';

/** `element` is the live region that says it. */
export const announceIn = element => { region = element; };

export function announce(text) {
  next = text;
  timer ||= setTimeout(() => {
    timer = 0;
    region.textContent = next;
  }, 1000);
}
