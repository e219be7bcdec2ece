// What the resources page says about a resource.

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { colourOf } from '/js/colours.js';
import { badge } from '/js/controls.js';
import { icon } from '/js/icons.js';
import { styles } from '/js/styles.js';

const icons = { Project: 'project', Container: 'container', Executable: 'executable', Database: 'database', Parameter: 'parameter', Value: 'parameter' };
const working = new Set(['Starting', 'Waiting', 'Stopping']);

/** The kind of a resource, in its colour when it is a program: what has no life of its own needs none. */
export const typeIcon = resource => html`
  <span class="type-icon" title=${resource.type} ${styles({ color: resource.commands.length > 0 ? colourOf(resource.name) : 'var(--text-2)' })}>${icon(icons[resource.type] ?? 'resources')}</span>`;

/** Reports that are not Healthy; a check that was not asked yet is among them. */
export const failing = resource => resource.healthReports.filter(report => report.status !== 'Healthy');

export const isChecking = resource => resource.state === 'Running' && resource.healthReports.some(report => report.status === null);

/** Running, Running (unhealthy), Finished (exit code 3). */
export function stateBadge(resource) {
  const state = spaced(resource.state);
  if (resource.type === 'Parameter' && resource.state === 'Running') {
    return badge('info', 'Set', 'success');
  }

  const exitCode = resource.instances.length === 1 ? resource.instances[0].exitCode : null;
  const notes = [
    isChecking(resource) ? 'checking' : resource.health && resource.health !== 'Healthy' ? resource.health.toLowerCase() : null,
    exitCode && resource.state !== 'Running' ? `exit code ${exitCode}` : null,
  ].filter(note => note !== null);
  const name = working.has(resource.state) || isChecking(resource) ? 'working' : resource.stateStyle;
  return badge(resource.stateStyle, notes.length > 0 ? `${state} (${notes.join(', ')})` : state, name);
}

/** FailedToStart: Failed to start. */
export const spaced = state => state.replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

export const reason = report => report.description ?? report.exception ?? (report.status === null ? 'Not checked yet.' : 'No reason was given.');

/** An address that a browser opens is a link while somebody listens there, any other is text. */
export const address = ({ name, url }, isListening = true) => isListening && /^https?:/.test(url)
  ? html`<a href=${url} target="_blank" rel="noreferrer" title=${name ?? url}>${url.replace(/^https?:\/\//, '')}</a>`
  : html`<span class="faint" title=${name ?? url}>${url.replace(/^https?:\/\//, '')}</span>`;

export const isRunning = resource => resource.instances.some(instance => instance.state === 'Running');

const commands = { start: ['play', 'Start'], stop: ['stop', 'Stop'], restart: ['restart', 'Restart'] };

/** Start, stop and restart of a resource or of a replica, as far as they mean something now. */
export const commandButtons = (resource, { run, pending }) => resource.commands.length === 0 ? nothing : html`
  <span class="commands">${resource.commands.filter(command => command.name !== (command.isEnabled ? '' : oppositeOf(command, resource))).map(command => html`
    <button class="button is-quiet" data-testid="command-${command.name}" ?disabled=${!command.isEnabled || pending.has(resource.name)}
      title="${commands[command.name][1]} ${resource.name}" aria-label="${commands[command.name][1]} ${resource.name}"
      @click=${() => run(resource.name, command.name)}>${icon(commands[command.name][0])}</button>`)}</span>`;

// Start and stop share a place: what cannot be done is left out when the other one can.
function oppositeOf(command, resource) {
  const other = { start: 'stop', stop: 'start' }[command.name];
  return resource.commands.some(c => c.name === other && c.isEnabled) ? command.name : '';
}

/** Resources as the table lists them: each below what it belongs to, parameters last; { resource, depth }. */
export function inOrder(resources) {
  const names = new Set(resources.map(resource => resource.name));
  const children = name => resources.filter(resource => resource.parent === name);
  const withChildren = (resource, depth) => [{ resource, depth }, ...children(resource.name).flatMap(child => withChildren(child, depth + 1))];
  const roots = resources.filter(resource => !names.has(resource.parent));
  const rank = resource => resource.type === 'Parameter' || resource.type === 'Value' ? 1 : 0;
  return roots.toSorted((a, b) => rank(a) - rank(b)).flatMap(root => withChildren(root, 0));
}

/** Whether a word stands in what the table shows of a resource. */
export const matches = (resource, text) => [resource.name, resource.type, resource.state, resource.source ?? '', ...resource.urls.map(u => u.url)]
  .some(part => part.toLowerCase().includes(text.toLowerCase()));
