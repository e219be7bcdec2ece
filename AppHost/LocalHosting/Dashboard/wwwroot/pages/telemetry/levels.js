import { html } from '/vendor/lit-html/lit-html.js';
import { icon } from '/js/icons.js';

export const levels = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'];

const looks = {
  Trace: ['quiet', 'right', 'Trace'],
  Debug: ['quiet', 'project', 'Debug'],
  Information: ['info', 'info', 'Info'],
  Warning: ['warning', 'warning', 'Warning'],
  Error: ['error', 'error', 'Error'],
  Critical: ['critical', 'error', 'Critical'],
};

/** A level by sign, word and colour. */
export function levelBadge(level) {
  const [style, sign, word] = looks[level] ?? ['quiet', 'right', level];
  return html`<span class="level is-${style}">${icon(sign)}<span>${word}</span></span>`;
}

export const isBad = level => level === 'Error' || level === 'Critical';
