// Line icons on a 16 by 16 grid, in the colour of the text around them.

import { html, svg } from '/vendor/lit-html/lit-html.js';

const shapes = {
  resources: svg`<rect x="2" y="2.5" width="12" height="4.5" rx="1"/><rect x="2" y="9" width="12" height="4.5" rx="1"/><path d="M4.5 4.75h.01M4.5 11.25h.01"/>`,
  console: svg`<rect x="1.5" y="2.5" width="13" height="11" rx="1.5"/><path d="m4.5 6 2.2 2-2.2 2M8.5 10.2h3"/>`,
  logs: svg`<path d="M2.5 4h1.2M2.5 8h1.2M2.5 12h1.2M6.2 4h7.3M6.2 8h7.3M6.2 12h4.6"/>`,
  traces: svg`<path d="M2 3.5h7M5 8h7M8.5 12.5h5.5"/>`,
  metrics: svg`<path d="M2 2v12h12M4.8 10.5l2.7-3.6 2.4 2 3.4-4.7"/>`,
  play: svg`<path d="M4.5 3v10l8-5z"/>`,
  pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9"/>`,
  stop: svg`<rect x="4" y="4" width="8" height="8" rx="1"/>`,
  restart: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.9h-2.9"/>`,
  clear: svg`<path d="M2.5 4.5h11M6 4.3V2.8h4v1.5M4 4.5l.7 9h6.6l.7-9M6.8 7.2v3.8M9.2 7.2v3.8"/>`,
  search: svg`<circle cx="7" cy="7" r="4.3"/><path d="m10.3 10.3 3.2 3.2"/>`,
  filter: svg`<path d="M2 3.5h12L9.5 8.8v4.4l-3-1.5V8.8z"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  sun: svg`<circle cx="8" cy="8" r="2.8"/><path d="M8 1.4v1.5M8 13.1v1.5M1.4 8h1.5M13.1 8h1.5M3.3 3.3l1.1 1.1M11.6 11.6l1.1 1.1M12.7 3.3l-1.1 1.1M4.4 11.6l-1.1 1.1"/>`,
  moon: svg`<path d="M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z"/>`,
  system: svg`<rect x="1.8" y="2.8" width="12.4" height="8.4" rx="1"/><path d="M5.5 13.5h5M8 11.2v2.3"/>`,
  help: svg`<circle cx="8" cy="8" r="6.2"/><path d="M6.2 6.3a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2M8 11.2h.01"/>`,
  success: svg`<circle cx="8" cy="8" r="6.2"/><path d="m5.3 8.2 1.9 1.9 3.6-4"/>`,
  warning: svg`<path d="M8 2.2 14.3 13H1.7zM8 6.4v3M8 11.2h.01"/>`,
  error: svg`<circle cx="8" cy="8" r="6.2"/><path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2"/>`,
  info: svg`<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.6M8 5h.01"/>`,
  working: svg`<path d="M8 1.8A6.2 6.2 0 1 1 1.8 8"/>`,
  eye: svg`<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/>`,
  eyeOff: svg`<path d="M6.3 4a6.6 6.6 0 0 1 1.7-.2c4 0 6.5 4.2 6.5 4.2s-.7 1.1-1.9 2.2M4 5.1C2.4 6.3 1.5 8 1.5 8s2.5 4.2 6.5 4.2c1 0 2-.3 2.8-.7M2.5 2.5l11 11"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M3.5 10.5h-1v-8h8v1"/>`,
  open: svg`<path d="M9.5 2.5h4v4M13.3 2.7 7.5 8.5M11.5 9.5v4h-9v-9h4"/>`,
  download: svg`<path d="M8 2.2v7.6M4.8 6.8 8 10l3.2-3.2M2.5 13.5h11"/>`,
  clock: svg`<circle cx="8" cy="8" r="6.2"/><path d="M8 4.5V8l2.3 1.5"/>`,
  wrap: svg`<path d="M2 4h12M2 8h9.5a2.2 2.2 0 0 1 0 4.4H8M9.8 10.6 8 12.4l1.8 1.8M2 12.4h3"/>`,
  table: svg`<rect x="2" y="2.5" width="12" height="11" rx="1"/><path d="M2 6.2h12M2 9.9h12M6.5 6.2v7.3"/>`,
  graph: svg`<rect x="1.8" y="6" width="4" height="4" rx="1"/><rect x="10.2" y="2" width="4" height="4" rx="1"/><rect x="10.2" y="10" width="4" height="4" rx="1"/><path d="M5.8 8h2V4h2.4M7.8 8v4h2.4"/>`,
  up: svg`<path d="m4 10 4-4 4 4"/>`,
  down: svg`<path d="m4 6 4 4 4-4"/>`,
  right: svg`<path d="m6 4 4 4-4 4"/>`,
  left: svg`<path d="m10 4-4 4 4 4"/>`,
  history: svg`<path d="M2.3 8a5.7 5.7 0 1 0 1.9-4.2L2.5 5.4M2.5 2.3v3.1h3.1M8 5v3.2l2.2 1.4"/>`,
  container: svg`<path d="M8 1.8 14 5v6l-6 3.2L2 11V5zM2 5l6 3.2L14 5M8 8.2v6"/>`,
  database: svg`<ellipse cx="8" cy="3.8" rx="5.2" ry="2"/><path d="M2.8 3.8v8.4c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2V3.8M2.8 8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2"/>`,
  project: svg`<path d="m5.5 4.5-3.7 3.5 3.7 3.5M10.5 4.5l3.7 3.5-3.7 3.5"/>`,
  parameter: svg`<circle cx="5" cy="10.8" r="2.8"/><path d="m7 8.8 6-6M10.5 5.3l2.2 2.2M8.6 7.2l1.4 1.4"/>`,
  executable: svg`<path d="m2.5 4 3.5 4-3.5 4M8 12h5.5"/>`,
};

/** An icon beside a text that says the same; alone, give it a label. */
export const icon = (name, label) => label
  ? html`<svg class="icon" data-icon=${name} viewBox="0 0 16 16" role="img" aria-label=${label}>${shapes[name]}</svg>`
  : html`<svg class="icon" data-icon=${name} viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`;
