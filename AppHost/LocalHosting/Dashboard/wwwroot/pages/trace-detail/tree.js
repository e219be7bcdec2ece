// Spans arrive depth first: the subtree of a span is the run of deeper spans behind it. `end` is where that run stops.
export function buildTree(spans) {
  const nodes = spans.map((span, index) => ({ span, index, end: index + 1, parent: -1, failed: 0 }));
  const open = [];

  for (const node of nodes) {
    while (open.length > 0 && open.at(-1).span.depth >= node.span.depth) {
      open.pop();
    }

    node.parent = open.at(-1)?.index ?? -1;
    for (const ancestor of open) {
      ancestor.end = node.index + 1;
    }

    if (node.span.status === 'error') {
      node.failed++;
      for (const ancestor of open) {
        ancestor.failed++;
      }
    }

    open.push(node);
  }

  return nodes;
}

export const hasChildren = node => node.end > node.index + 1;

/** A match keeps its ancestors, so that it is seen where it belongs. */
function kept(nodes, matches) {
  const keep = new Uint8Array(nodes.length);
  for (const node of nodes) {
    if (matches(node.span)) {
      for (let at = node.index; at >= 0 && keep[at] === 0; at = nodes[at].parent) {
        keep[at] = 1;
      }
    }
  }

  return keep;
}

/**
 * The rows to show, top to bottom: spans that no collapsed ancestor hides and, where wanted, the logs of a span under it.
 * A search opens what is collapsed.
 */
export function visibleRows(nodes, { collapsed, matches = null, logsOf = null }) {
  const keep = matches && kept(nodes, matches);
  const rows = [];

  for (let index = 0; index < nodes.length;) {
    const node = nodes[index];
    if (keep && keep[index] === 0) {
      index = node.end;
      continue;
    }

    const isCollapsed = !keep && collapsed.has(node.span.id);
    rows.push({ key: node.span.id, node, isCollapsed, isMatch: !keep || matches(node.span) });
    for (const log of logsOf?.get(node.span.id) ?? []) {
      rows.push({ key: `log ${log.id}`, node, log });
    }

    index = isCollapsed ? node.end : index + 1;
  }

  return rows;
}

/** Everything that has children, for "collapse all": the roots stay open so that something is to be seen. */
export const collapsible = nodes => nodes.filter(node => node.parent >= 0 && hasChildren(node)).map(node => node.span.id);

export function logsBySpan(logs) {
  const bySpan = new Map();
  for (const log of logs) {
    if (log.spanId) {
      bySpan.get(log.spanId)?.push(log) ?? bySpan.set(log.spanId, [log]);
    }
  }

  return bySpan;
}
