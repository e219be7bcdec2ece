import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { breakable } from '/js/details.js';
import { icon } from '/js/icons.js';
import { resourceTag } from '/pages/telemetry/resources.js';

/** Instruments by resource and meter, each level in alphabetical order. */
export function grouped(instruments, text) {
  const wanted = text.toLowerCase();
  const found = instruments.filter(one => wanted === '' || `${one.meter} ${one.name} ${one.description ?? ''}`.toLowerCase().includes(wanted));
  const by = (items, key) => Object.entries(Object.groupBy(items, key)).sort(([a], [b]) => a.localeCompare(b));
  return by(found, one => one.resource).map(([resource, ofResource]) => ({
    resource,
    meters: by(ofResource, one => one.meter).map(([meter, ofMeter]) => ({ meter, instruments: ofMeter.sort((a, b) => a.name.localeCompare(b.name)) })),
  }));
}

export function instrumentTree(groups, { chosen, closed, onToggle, hrefOf }) {
  const isChosen = one => chosen !== null && one.resource === chosen.resource && one.meter === chosen.meter && one.name === chosen.name;
  return html`
    <ul class="tree" role="tree" aria-label="Instruments" @keydown=${moveInTree}>
      ${groups.map(({ resource, meters }) => html`
        <li role="none">
          ${branch(resource, resourceTag(resource), 1, closed, onToggle)}
          ${closed.has(resource) ? nothing : html`
            <ul role="group">${meters.map(({ meter, instruments }) => html`
              <li role="none">
                ${branch(`${resource} ${meter}`, html`<span>${breakable(meter)}</span>`, 2, closed, onToggle)}
                ${closed.has(`${resource} ${meter}`) ? nothing : html`
                  <ul role="group">${instruments.map(one => html`
                    <li role="none">
                      <a role="treeitem" aria-level="3" class="instrument" aria-current=${isChosen(one)} href=${hrefOf(one)} title=${one.description || one.name} data-testid="instrument"><span>${breakable(one.name)}</span></a></li>`)}</ul>`}
              </li>`)}</ul>`}
        </li>`)}
    </ul>`;
}

function branch(key, label, level, closed, onToggle) {
  return html`
    <button class="branch is-${level}" type="button" role="treeitem" aria-level=${level} aria-expanded=${!closed.has(key)} @click=${() => onToggle(key)}>
      ${icon(closed.has(key) ? 'right' : 'down')}${label}
    </button>`;
}

function moveInTree(event) {
  const items = [...event.currentTarget.querySelectorAll('[role=treeitem]')];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  const isOpen = items[at]?.getAttribute('aria-expanded');

  if (next !== undefined && items[next]) {
    event.preventDefault();
    event.stopPropagation();
    items[next].focus();
  } else if ((event.key === 'ArrowRight' && isOpen === 'false') || (event.key === 'ArrowLeft' && isOpen === 'true')) {
    event.preventDefault();
    items[at].click();
  }
}
