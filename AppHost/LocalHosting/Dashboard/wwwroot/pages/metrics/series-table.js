import { html } from '/vendor/lit-html/lit-html.js';
import { count } from '/js/format.js';
import { styles } from '/js/styles.js';
import { percentiles } from './series.js';

/**
 * The series of an instrument with their newest values: the legend of the chart. Of a histogram either one is `chosen`, and its
 * percentiles are drawn, or one percentile of all that are not `hidden`.
 */
export function seriesTable({ kind, series, chosen, hidden, format, onChoose, onToggle }) {
  const isHistogram = kind === 'histogram';
  return html`
    <table class="series" data-testid="series">
      <thead>
        <tr>
          <th scope="col">${series.length === 1 ? 'Series' : `${count(series.length)} series`}</th>
          ${isHistogram ? html`<th scope="col">Count</th>${percentiles.map(([name]) => html`<th scope="col">${name}</th>`)}` : html`<th scope="col">Newest</th>`}
        </tr>
      </thead>
      <tbody>
        ${series.map(one => html`
          <tr>
            <td>
              <label>
                ${chosen !== null
                  ? html`<input type="radio" name="series" .checked=${one.key === chosen} @change=${() => onChoose(one.key)}>`
                  : html`<input type="checkbox" .checked=${!hidden.has(one.key)} @change=${() => onToggle(one.key)}><span class="swatch" ${styles({ '--swatch': one.colour })}></span>`}
                <span class="series-name" title=${one.attributes.map(([name, value]) => `${name}: ${value}`).join('\n')}>${one.label}</span>
              </label>
            </td>
            ${isHistogram
              ? html`<td>${count(one.weight)}</td>${percentiles.map(([, column]) => html`<td>${format(newest(one, column))}</td>`)}`
              : html`<td>${format(newest(one, 1))}</td>`}
          </tr>`)}
      </tbody>
    </table>`;
}

// Of the last interval in which anything was measured.
const newest = (one, column) => one.points.findLast(point => point[column] !== null)?.[column];
