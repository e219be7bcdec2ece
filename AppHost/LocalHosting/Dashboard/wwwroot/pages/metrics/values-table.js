import { html } from '/vendor/lit-html/lit-html.js';
import { dateTime, time } from '/js/format.js';
import { percentiles } from './series.js';

const most = 500;

/** The values behind the chart, newest first. */
export function valuesTable({ kind, series, format }) {
  return kind === 'histogram' ? histogramTable(series[0], format) : numberTable(series, format);
}

function histogramTable(one, format) {
  const points = one?.points.slice(-most).reverse() ?? [];
  return table(['Time', 'Count', 'Mean', ...percentiles.map(([label]) => label)], points.map(point => [
    point[0], point[1].toLocaleString('en'), format(point[1] === 0 ? null : point[2] / point[1]), ...percentiles.map(([, column]) => format(point[column])),
  ]));
}

function numberTable(series, format) {
  const moments = [...new Set(series.flatMap(one => one.points.map(point => point[0])))].sort((a, b) => b - a).slice(0, most);
  const values = series.map(one => new Map(one.points));
  return table(['Time', ...series.map(one => one.label)], moments.map(moment => [moment, ...values.map(value => format(value.get(moment)))]));
}

function table(heads, rows) {
  return html`
    <div class="values" tabindex="0">
      <table data-testid="metric-values">
        <thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${rows.map(([moment, ...values]) => html`<tr><th scope="row" title=${dateTime(moment)}>${time(moment)}</th>${values.map(value => html`<td>${value}</td>`)}</tr>`)}</tbody>
      </table>
    </div>`;
}
