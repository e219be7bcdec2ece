import { html, nothing, svg } from '/vendor/lit-html/lit-html.js';
import { styles } from '/js/styles.js';
import { ticks, timeTicks } from '/pages/telemetry/ticks.js';

// Up to so many points each is marked, so that a value between two gaps is seen.
const MARKED = 80;

const margin = { top: 12, right: 16, bottom: 26, left: 62 };

/**
 * Lines over time. `lines` are `{ label, colour, points: [[time, value], ...] }`, `exemplars` `{ time, value, traceId, spanId }`,
 * `at` the moment under the pointer. `top` is the highest value to make room for, so that the axis stands still while lines come and go.
 */
export function chart({ width, height, from, to, lines, exemplars, format, at, label, onPoint, onExemplar }) {
  const highest = Math.max(0, ...lines.flatMap(line => line.points.map(point => point[1] ?? 0)));
  const lowest = Math.min(0, ...lines.flatMap(line => line.points.map(point => point[1] ?? 0)));
  const levels = ticks(lowest, highest === lowest ? lowest + 1 : highest, Math.max(2, Math.floor(height / 50)));
  const step = levels.length > 1 ? levels[1] - levels[0] : 1;
  const top = highest > levels.at(-1) ? levels.at(-1) + step : levels.at(-1);
  const shown = highest > levels.at(-1) ? [...levels, top] : levels;

  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const x = time => margin.left + (time - from) / (to - from) * (right - margin.left);
  const y = value => bottom - (value - lowest) / (top - lowest || 1) * (bottom - margin.top);
  const near = (to - from) / 60;
  const inside = exemplars.filter(exemplar => exemplar.time >= from && exemplar.time <= to);

  const point = event => {
    const time = from + (event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left) / (right - margin.left) * (to - from);
    onPoint(nearest(lines, time));
  };

  const key = event => {
    const moments = times(lines);
    const index = at === null ? moments.length : moments.indexOf(at);
    const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: moments.length - 1 }[event.key];
    if (next !== undefined && moments[next] !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onPoint(moments[next]);
    }
  };

  return html`
    <div class="chart" @pointermove=${point} @pointerdown=${point} @pointerleave=${() => onPoint(null)}>
      <svg class="chart-plot" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${label} tabindex="0" @keydown=${key} @blur=${() => onPoint(null)}>
        ${shown.map(level => svg`
          <line class="chart-grid" x1=${margin.left} x2=${right} y1=${y(level)} y2=${y(level)}></line>
          <text class="chart-tick" x=${margin.left - 8} y=${y(level) + 4} text-anchor="end">${format(level)}</text>`)}
        ${timeTicks(from, to, Math.max(2, Math.floor(width / 110))).map(time => svg`
          <line class="chart-tick-mark" x1=${x(time)} x2=${x(time)} y1=${bottom} y2=${bottom + 4}></line>
          <text class="chart-tick" x=${x(time)} y=${bottom + 18} text-anchor="middle">${clock(time, to - from)}</text>`)}
        ${lines.map(line => svg`
          <path class="chart-line" d=${path(line.points, x, y, from)} stroke=${line.colour}></path>
          ${line.points.length > MARKED ? nothing : line.points.map(([time, value]) => value === null || time < from ? nothing : svg`<circle cx=${x(time)} cy=${y(value)} r="2" fill=${line.colour}></circle>`)}`)}
        ${at === null ? nothing : svg`
          <line class="chart-cross" x1=${x(at)} x2=${x(at)} y1=${margin.top} y2=${bottom}></line>
          ${lines.filter(line => valueAt(line, at, near) !== null).map(line => svg`<circle class="chart-dot" cx=${x(at)} cy=${y(valueAt(line, at, near))} r="3.5" fill=${line.colour}></circle>`)}`}
        ${inside.map(exemplar => svg`
          <a class="chart-exemplar" href="/traces/detail/${exemplar.traceId}?span=${exemplar.spanId}" data-testid="exemplar"
           aria-label="Trace with ${format(exemplar.value)} at ${clock(exemplar.time, 0)}" @click=${event => { event.preventDefault(); event.stopPropagation(); onExemplar(exemplar); }}>
            <title>${format(exemplar.value)}, ${clock(exemplar.time, 0)}: open the trace</title>
            <path d=${diamond(x(exemplar.time), y(Math.min(exemplar.value, top)))}></path>
          </a>`)}
      </svg>
      ${at === null ? nothing : tooltip(lines, at, near, x(at), width, format)}
    </div>`;
}

function tooltip(lines, at, near, left, width, format) {
  const values = lines.map(line => ({ line, value: valueAt(line, at, near) })).filter(({ value }) => value !== null).sort((a, b) => b.value - a.value);
  const place = left > width / 2 ? { right: `${width - left + 12}px` } : { left: `${left + 12}px` };
  return html`
    <div class="chart-tooltip" ${styles(place)}>
      <div class="chart-tooltip-time">${clock(at, 0)}</div>
      ${values.slice(0, 10).map(({ line, value }) => html`
        <div class="chart-tooltip-row"><span class="swatch" ${styles({ '--swatch': line.colour })}></span><span class="chart-tooltip-name">${line.label}</span><b>${format(value)}</b></div>`)}
      ${values.length > 10 ? html`<div class="chart-tooltip-more">${values.length - 10} more</div>` : nothing}
    </div>`;
}

// A line is broken where more than three usual intervals are missing: what was not measured is not drawn.
function path(points, x, y, from) {
  const gaps = points.slice(1).map((point, index) => point[0] - points[index][0]).sort((a, b) => a - b);
  const longest = 3.5 * (gaps[Math.floor(gaps.length / 2)] ?? Infinity);
  let drawn = '';
  let last = null;

  for (const [time, value] of points) {
    if (value === null || time < from) {
      last = null;
      continue;
    }

    drawn += `${last === null || time - last > longest ? 'M' : 'L'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
    last = time;
  }

  // A point alone is a line of no length: round caps make it a dot.
  return drawn.replace(/M[^ML]*(?=M|$)/g, '$&h0');
}

const diamond = (x, y) => `M${x.toFixed(1)} ${(y - 4).toFixed(1)}l4 4l-4 4l-4 -4z`;

function times(lines) {
  return [...new Set(lines.flatMap(line => line.points.map(point => point[0])))].sort((a, b) => a - b);
}

function nearest(lines, time) {
  let found = null;
  for (const line of lines) {
    for (const [at] of line.points) {
      if (found === null || Math.abs(at - time) < Math.abs(found - time)) {
        found = at;
      }
    }
  }

  return found;
}

// Replicas export at moments of their own: a line's value is that of its point next to the moment, if there is one near.
function valueAt(line, time, near) {
  const closest = line.points.reduce((found, point) => (found === null || Math.abs(point[0] - time) < Math.abs(found[0] - time) ? point : found), null);
  return closest !== null && Math.abs(closest[0] - time) <= near ? closest[1] : null;
}

function clock(time, span) {
  const date = new Date(time);
  const options = { hour: '2-digit', minute: '2-digit', hour12: false };
  return date.toLocaleTimeString(undefined, span > 0 && span > 1_800_000 ? options : { ...options, second: '2-digit' });
}
