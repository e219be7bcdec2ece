// Everything about one resource.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { badge } from '/js/controls.js';
import { copyButton, detailsPanel, properties, section } from '/js/details.js';
import { dateTime } from '/js/format.js';
import { icon } from '/js/icons.js';
import { pages } from '/js/pages.js';
import { address, commandButtons, isRunning, reason, stateBadge } from './model.js';
import { replicaState } from './table.js';

const healthStyles = { Healthy: 'success', Degraded: 'warning', Unhealthy: 'error' };

export function details(resource, resources, context) {
  const { close, link } = context;
  const logs = pages.filter(page => page.name !== 'resources');
  return detailsPanel({
    title: resource.name,
    subtitle: stateBadge(resource),
    actions: commandButtons(resource, context),
    onClose: close,
    body: html`
      ${logs.length > 0 && resource.type !== 'Parameter' ? html`<nav class="jumps" aria-label="Of this resource">${logs.map(page => html`
        <a class="button" href=${link(`${page.path}/resource/${resource.name}`)}>${icon(page.icon)}${page.label}</a>`)}</nav>` : nothing}
      ${section('Overview', properties(overview(resource)))}
      ${resource.healthReports.length > 0 ? section('Health', html`<ul class="reports">${resource.healthReports.map(report)}</ul>`, { count: resource.healthReports.length, testid: 'section-health' }) : nothing}
      ${resource.urls.length > 0 ? section('Addresses', properties(resource.urls.map(url => [url.name ?? '', html`<span class="value">${address(url, isRunning(resource))}</span>${copyButton(url.url)}`])), { count: resource.urls.length }) : nothing}
      ${resource.instances.length > 1 ? section('Replicas', replicas(resource.instances), { count: resource.instances.length, testid: 'section-replicas' }) : nothing}
      ${environment(resource, context)}
      ${relations(resource, resources, context)}
      ${resource.properties.length > 0 ? section('Properties', properties(resource.properties), { count: resource.properties.length }) : nothing}`,
  });
}

function overview(resource) {
  const [only, ...more] = resource.instances;
  const process = only && more.length === 0 ? only : null;
  return [
    ['Type', resource.type],
    ['Source', resource.source],
    ['Instance', resource.commands.length > 0 ? process?.id : null],
    ['Process', process?.pid ? String(process.pid) : null],
    ['Started', resource.start === null ? null : dateTime(resource.start)],
    ['Stopped', resource.stop === null || resource.state === 'Running' ? null : dateTime(resource.stop)],
    ['Exit code', process && process.exitCode !== null ? String(process.exitCode) : null],
  ].filter(([, value]) => value);
}

const report = item => html`
  <li>${badge(healthStyles[item.status] ?? 'info', item.status ?? 'Checking', healthStyles[item.status] ?? 'working')}
    <span class="report-name">${item.name}</span>
    ${item.status === 'Healthy' && !item.description ? nothing : html`<p>${reason(item)}</p>`}
    ${item.exception && item.exception !== item.description && item.description ? html`<p class="error-text">${item.exception}</p>` : nothing}
  </li>`;

const replicas = instances => properties(instances.map(instance => [instance.id, html`
  <span class="value replica">${replicaState(instance)}${instance.pid === null ? nothing : html`<span class="faint">process ${instance.pid}</span>`}${instance.urls.map(url => address(url, instance.state === 'Running'))}</span>`]));

function environment(resource, { revealed, reveal }) {
  if (resource.environment.length === 0) {
    return nothing;
  }

  const value = variable => {
    const key = `${resource.name}/${variable.name}`;
    const text = variable.isSecret ? revealed.get(key) : variable.value;
    return html`
      ${text === undefined ? html`<span class="value faint" aria-label="Hidden">••••••••</span>` : html`<span class="value mono" data-testid="value">${text}</span>${copyButton(text)}`}
      ${variable.isSecret ? html`
        <button class="button is-quiet is-reveal" data-testid="reveal-${variable.name}" aria-pressed=${text !== undefined}
          title=${text === undefined ? 'Show' : 'Hide'} aria-label="${text === undefined ? 'Show' : 'Hide'} ${variable.name}" @click=${() => reveal(resource.name, variable.name)}>${icon(text === undefined ? 'eye' : 'eyeOff')}</button>` : nothing}`;
  };
  return section(resource.type === 'Parameter' ? 'Value' : 'Environment', properties(resource.environment.map(variable => [variable.name, value(variable)])),
    { count: resource.environment.length, testid: 'section-environment' });
}

function relations(resource, resources, { open }) {
  const names = list => html`<span class="value names">${list.map(name => html`<button class="plain" @click=${() => open(name)}>${name}</button>`)}</span>`;
  const of = kind => resources.filter(other => other[kind].includes(resource.name)).map(other => other.name);
  const rows = [
    ['Uses', resource.references],
    ['Waits for', resource.waitsFor],
    ['Is on', resource.parent ? [resource.parent] : []],
    ['Used by', of('references')],
    ['Waited for by', of('waitsFor')],
  ].filter(([, list]) => list.length > 0);
  return rows.length === 0 ? nothing : section('Relations', properties(rows.map(([name, list]) => [name, names(list)])));
}
