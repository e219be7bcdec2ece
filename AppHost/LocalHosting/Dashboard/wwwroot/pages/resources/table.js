// The table of resources, with the replicas of each below it.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { badge } from '/js/controls.js';
import { dateTime, timeOfDay } from '/js/format.js';
import { icon } from '/js/icons.js';
import { styles } from '/js/styles.js';
import { address, commandButtons, failing, inOrder, isChecking, isRunning, reason, spaced, stateBadge, typeIcon } from './model.js';

export const table = (resources, context) => html`
  <table class="table resources" role="table" aria-label="Resources">
    <thead role="rowgroup"><tr role="row">
      <th role="columnheader">Name</th><th role="columnheader">State</th><th role="columnheader">Started</th>
      <th role="columnheader">Source</th><th role="columnheader">Addresses</th><th role="columnheader"><span class="unseen">Commands</span></th>
    </tr></thead>
    <tbody role="rowgroup">
      ${repeat(inOrder(resources), ({ resource }) => resource.name, ({ resource, depth }) => row(resource, depth, context))}
    </tbody>
  </table>`;

function row(resource, depth, context) {
  const { selected, open, link } = context;
  return html`
    <tr role="row" class=${resource.name === selected ? 'is-active' : ''} data-testid="resource-row-${resource.name}"
      @click=${event => event.target.closest('a, button') || !getSelection().isCollapsed || open(resource.name)}>
      <td role="cell" class="cell-name"><span class="resource-name" ${styles({ '--depth': depth })}>
        ${typeIcon(resource)}
        <button class="plain" aria-expanded=${resource.name === selected} @click=${() => open(resource.name)}>${resource.name}</button>
        ${resource.instances.length > 1 ? html`<span class="pill" title="Replicas">${resource.instances.length}</span>` : nothing}
      </span></td>
      <td role="cell" class="cell-state">${stateBadge(resource)}${why(resource)}</td>
      <td role="cell" class="cell-start faint">${resource.start === null ? '' : html`<span title=${dateTime(resource.start)}>${timeOfDay(resource.start)}</span>`}</td>
      <td role="cell" class="cell-source"><span class="source clip faint" title=${resource.source ?? ''}>${shortSource(resource.source)}</span></td>
      <td role="cell" class="cell-urls"><span class="urls">${resource.urls.map(url => address(url, isRunning(resource)))}</span></td>
      <td role="cell" class="cell-commands"><span class="row-end">
        ${commandButtons(resource, context)}
        ${resource.commands.length > 0 ? html`<a class="button is-quiet" href=${link(`/consolelogs/resource/${resource.name}`)} title="Console of ${resource.name}" aria-label="Console of ${resource.name}">${icon('console')}</a>` : nothing}
      </span></td>
    </tr>
    ${resource.instances.length > 1 ? repeat(resource.instances, instance => instance.id, instance => replica(instance, depth + 1, context)) : nothing}`;
}

const replica = (instance, depth, context) => html`
  <tr role="row" class="is-replica" data-testid="replica-row">
    <td role="cell" class="cell-name"><span class="resource-name" ${styles({ '--depth': depth })}>${instance.id}</span></td>
    <td role="cell" class="cell-state">${replicaState(instance)}</td>
    <td role="cell" class="cell-start faint">${instance.start === null ? '' : html`<span title=${dateTime(instance.start)}>${timeOfDay(instance.start)}</span>`}</td>
    <td role="cell" class="cell-source faint">${instance.pid === null ? '' : `process ${instance.pid}`}</td>
    <td role="cell" class="cell-urls"><span class="urls">${instance.urls.map(url => address(url, instance.state === 'Running'))}</span></td>
    <td role="cell" class="cell-commands"><span class="row-end">${commandButtons({ name: instance.id, commands: instance.commands }, context)}</span></td>
  </tr>`;

export function replicaState({ state, exitCode }) {
  const style = state === 'Running' ? 'success' : exitCode || state === 'FailedToStart' ? 'error' : 'info';
  return badge(style, !exitCode || state === 'Running' ? spaced(state) : `${spaced(state)} (exit code ${exitCode})`);
}

// The first reason that something is not as it should be, where it is seen without a click.
function why(resource) {
  const [first] = resource.health === null || isChecking(resource) ? [] : failing(resource);
  return first ? html`<span class="why clip" title=${reason(first)}>${reason(first)}</span>` : nothing;
}

const shortSource = source => source?.split('/').slice(-1)[0] ?? '';
