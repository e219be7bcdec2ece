// Who uses whom, as a graph: an arrow leads to what a resource needs.

import { html, nothing, svg } from '/vendor/lit-html/lit-html.js';
import { layOut, pathOf } from '/js/graph-layout.js';
import { colourOf } from '/js/colours.js';
import { styles } from '/js/styles.js';
import { stateBadge, typeIcon } from './model.js';

const MARGIN = 24;
const wide = { width: 196, height: 58, gap: 22, layerGap: 72 };
const narrow = { width: 150, height: 54, gap: 14, layerGap: 44, isDown: true };
let last = { key: '', layout: null };

export function graph(resources, { selected, open, isNarrow }) {
  const nodes = resources.filter(resource => resource.type !== 'Parameter' && resource.type !== 'Value');
  const edges = nodes.flatMap(node => edgesOf(node, nodes));
  const size = isNarrow ? narrow : wide;
  const layout = layoutOf(nodes.map(node => node.name), edges, size);
  const isNear = name => !selected || name === selected || edges.some(e => (e.from === selected && e.to === name) || (e.to === selected && e.from === name));
  return html`
    <div class="graph" data-testid="resource-graph">
      <div class="graph-space" ${styles({ width: `${layout.width + 2 * MARGIN}px`, height: `${layout.height + 2 * MARGIN}px` })}>
        <svg class="graph-edges" viewBox="${-MARGIN} ${-MARGIN} ${layout.width + 2 * MARGIN} ${layout.height + 2 * MARGIN}" role="img"
          aria-label="${edges.map(e => `${e.from} ${words[e.kind]} ${e.to}`).join(', ')}">
          <defs>${['', '-near'].map(suffix => svg`<marker id="arrow${suffix}" class="arrow${suffix}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 .6 7.4 4 0 7.4z"/></marker>`)}</defs>
          ${layout.edges.map(edge => {
            const isNearEdge = selected && (edge.from === selected || edge.to === selected);
            return svg`<path class="edge is-${edge.kind} ${isNearEdge ? 'is-near' : selected ? 'is-far' : ''}" d=${pathOf(edge.points, size.isDown)}
              marker-end="url(#arrow${isNearEdge ? '-near' : ''})"><title>${edge.from} ${words[edge.kind]} ${edge.to}</title></path>`;
          })}
        </svg>
        ${nodes.map(node => {
          const { x, y } = layout.nodes.get(node.name);
          return html`
            <button class="node ${node.name === selected ? 'is-active' : ''} ${isNear(node.name) ? '' : 'is-far'}" data-testid="graph-node-${node.name}" aria-pressed=${node.name === selected}
              ${styles({ left: `${x + MARGIN}px`, top: `${y + MARGIN}px`, width: `${size.width}px`, height: `${size.height}px` })} @click=${() => open(node.name)}>
              <span class="node-name"><span class="type-icon" ${styles({ color: colourOf(node.name) })}>${typeIcon(node)}</span><span class="clip">${node.name}</span>
                ${node.instances.length > 1 ? html`<span class="pill" title="Replicas">${node.instances.length}</span>` : nothing}</span>
              ${stateBadge(node)}
            </button>`;
        })}
      </div>
      <ul class="legend" aria-label="Legend">
        ${Object.entries(legend).filter(([kind]) => edges.some(edge => edge.kind === kind)).map(([kind, text]) => html`
          <li><svg viewBox="0 0 30 8" width="30" height="8" aria-hidden="true"><path class="edge is-${kind}" d="M0 4h28"/></svg>${text}</li>`)}
      </ul>
    </div>`;
}

const words = { waits: 'waits for', reference: 'uses', parent: 'is on' };
const legend = { waits: 'uses and waits for', reference: 'uses', parent: 'is on' };

// Who uses a database uses its server too; one arrow says it.
function edgesOf(node, nodes) {
  const used = new Set([...node.references, ...node.waitsFor]);
  const implied = new Set(nodes.filter(other => used.has(other.name)).map(other => other.parent));
  const waits = new Set(node.waitsFor.filter(name => !implied.has(name)));
  const others = node.references.filter(name => !waits.has(name) && !implied.has(name));
  return [
    ...[...waits].map(to => ({ from: node.name, to, kind: 'waits' })),
    ...others.map(to => ({ from: node.name, to, kind: 'reference' })),
    ...(node.parent ? [{ from: node.name, to: node.parent, kind: 'parent' }] : []),
  ];
}

// States change often, the app model never: places are found once.
function layoutOf(names, edges, size) {
  const key = JSON.stringify([names, edges, size]);
  if (last.key !== key) {
    last = { key, layout: layOut(names, edges, size) };
  }

  return last.layout;
}
