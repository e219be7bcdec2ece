// Who uses whom, as a graph: an arrow leads to what a resource needs.

import { html, nothing, svg } from '/vendor/lit-html/lit-html.js';
import { layOut, pathOf } from '/js/graph-layout.js';
import { styles } from '/js/styles.js';
import { stateBadge, typeIcon } from './model.js';

const MARGIN = 20;
const SMALLEST = 0.75;
const sizes = [
  { width: 184, height: 58, gap: 22, layerGap: 64 },
  { width: 148, height: 54, gap: 16, layerGap: 36 },
];
const narrow = { width: 106, height: 52, gap: 6, layerGap: 44, isDown: true };
let last = { key: '', layout: null };

export function graph(resources, { selected, open, isNarrow, room }) {
  const nodes = resources.filter(resource => resource.type !== 'Parameter' && resource.type !== 'Value');
  const edges = nodes.flatMap(node => edgesOf(node, nodes));
  const layout = layoutOf(nodes.map(node => node.name), edges, room, isNarrow);
  const width = layout.width + 2 * MARGIN;
  const height = layout.height + 2 * MARGIN;
  // Smaller rather than out of sight, as far as it can still be read.
  const scale = Math.max(SMALLEST, Math.min(1, room / width));
  const isNear = name => !selected || name === selected || edges.some(e => (e.from === selected && e.to === name) || (e.to === selected && e.from === name));
  return html`
    <div class="graph" data-testid="resource-graph">
      <div class="graph-place" ${styles({ width: `${width * scale}px`, height: `${height * scale}px` })}>
      <div class="graph-space" ${styles({ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` })}>
        <svg class="graph-edges" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" role="img"
          aria-label="${edges.map(e => `${e.from} ${words[e.kind]} ${e.to}`).join(', ')}">
          <defs>${['', '-near'].map(suffix => svg`<marker id="arrow${suffix}" class="arrow${suffix}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 .6 7.4 4 0 7.4z"/></marker>`)}</defs>
          ${layout.edges.map(edge => {
            const isNearEdge = selected && (edge.from === selected || edge.to === selected);
            return svg`<path class="edge is-${edge.kind} ${isNearEdge ? 'is-near' : selected ? 'is-far' : ''}" d=${pathOf(edge.points, layout.size.isDown)}
              marker-end="url(#arrow${isNearEdge ? '-near' : ''})"><title>${edge.from} ${words[edge.kind]} ${edge.to}</title></path>`;
          })}
        </svg>
        ${nodes.map(node => {
          const { x, y } = layout.nodes.get(node.name);
          return html`
            <button class="node ${node.name === selected ? 'is-active' : ''} ${isNear(node.name) ? '' : 'is-far'}" data-testid="graph-node-${node.name}" aria-pressed=${node.name === selected}
              ${styles({ left: `${x + MARGIN}px`, top: `${y + MARGIN}px`, width: `${layout.size.width}px`, height: `${layout.size.height}px` })} @click=${() => open(node.name)}>
              <span class="node-name">${typeIcon(node)}<span class="clip">${node.name}</span>
                ${node.instances.length > 1 ? html`<span class="pill" title="Replicas">${node.instances.length}</span>` : nothing}</span>
              ${stateBadge(node)}
            </button>`;
        })}
      </div>
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
function layoutOf(names, edges, room, isNarrow) {
  const key = JSON.stringify([names, edges, room, isNarrow]);
  if (last.key !== key) {
    const layouts = (isNarrow ? [narrow] : sizes).map(size => ({ ...layOut(names, edges, size), size }));
    last = { key, layout: layouts.find(layout => layout.width + 2 * MARGIN <= room) ?? layouts.at(-1) };
  }

  return last.layout;
}
