// Places the nodes of a directed graph in layers, so that edges lead from left to right and cross seldom.

const SWEEPS = 12;
const BEND = 10;

/**
 * `nodes` are [id], `edges` [{ from, to }], sizes in pixels. With isDown the layers lie below each other.
 * Answers { width, height, nodes: Map of id to { x, y }, edges: [{ from, to, points: [{ x, y }] }] }; a node's place is its corner.
 */
export function layOut(nodes, edges, { width, height, gap, layerGap, isDown = false }) {
  const known = new Set(nodes);
  const wanted = edges.filter(edge => known.has(edge.from) && known.has(edge.to) && edge.from !== edge.to);
  const forward = withoutCycles(nodes, wanted);
  const layerOf = longestPaths(nodes, forward);
  const { layers, chains } = withBends(nodes, forward, layerOf);
  order(layers);

  const along = isDown ? height : width;
  const across = isDown ? width : height;
  const sizeOf = cell => cell.isBend ? BEND : across;
  spread(layers, sizeOf, gap);
  const place = (cell, atAlong) => {
    const main = cell.layer * (along + layerGap) + atAlong * along;
    return isDown ? { x: cell.at, y: main } : { x: main, y: cell.at };
  };
  const cells = layers.flat();
  const low = Math.min(0, ...cells.map(cell => cell.at - sizeOf(cell) / 2));
  cells.forEach(cell => { cell.at -= low; });

  const placed = new Map(cells.filter(cell => !cell.isBend).map(cell => {
    const { x, y } = place(cell, 0);
    return [cell.id, isDown ? { x: x - width / 2, y } : { x, y: y - height / 2 }];
  }));
  const paths = chains.map(({ edge, isTurned, chain }) => {
    const points = chain.flatMap((cell, i) => cell.isBend ? [place(cell, 0), place(cell, 1)] : [place(cell, i === 0 ? 1 : 0)]);
    return { ...edge, points: isTurned ? points.reverse() : points };
  });
  const far = Math.max(across, ...cells.map(cell => cell.at + sizeOf(cell) / 2));
  const deep = layers.length * (along + layerGap) - layerGap;
  return { width: isDown ? far : deep, height: isDown ? deep : far, nodes: placed, edges: paths };
}

/** The path of an edge as SVG writes it: straight through its layers, curved between them. */
export function pathOf(points, isDown = false) {
  const [first, ...rest] = points;
  let from = first;
  let path = `M${first.x} ${first.y}`;
  for (const to of rest) {
    const middle = isDown ? (from.y + to.y) / 2 : (from.x + to.x) / 2;
    path += isDown ? `C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}` : `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }

  return path;
}

// An edge that leads back to where one came from is turned round while layers are made.
function withoutCycles(nodes, edges) {
  const state = new Map();
  const turned = new Set();
  const visit = node => {
    state.set(node, 'open');
    for (const edge of edges.filter(e => e.from === node)) {
      if (state.get(edge.to) === 'open') {
        turned.add(edge);
      } else if (!state.has(edge.to)) {
        visit(edge.to);
      }
    }

    state.set(node, 'done');
  };
  // Nodes that nobody leads to come first, so that they stay at the beginning.
  const isLedTo = new Set(edges.map(e => e.to));
  [...nodes].sort((a, b) => isLedTo.has(a) - isLedTo.has(b)).forEach(node => state.has(node) || visit(node));
  return edges.map(edge => turned.has(edge) ? { edge, isTurned: true, from: edge.to, to: edge.from } : { edge, isTurned: false, from: edge.from, to: edge.to });
}

function longestPaths(nodes, edges) {
  const layerOf = new Map(nodes.map(node => [node, 0]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to } of edges) {
      if (layerOf.get(to) < layerOf.get(from) + 1) {
        layerOf.set(to, layerOf.get(from) + 1);
        changed = true;
      }
    }
  }

  // As near as can be to what a node leads to: databases stand beside each other, before their server.
  for (const node of [...nodes].sort((a, b) => layerOf.get(b) - layerOf.get(a))) {
    const next = edges.filter(edge => edge.from === node).map(edge => layerOf.get(edge.to));
    if (next.length > 0) {
      layerOf.set(node, Math.min(...next) - 1);
    }
  }

  return layerOf;
}

// An edge over several layers gets a bend in each between, which takes its place among the nodes there.
function withBends(nodes, edges, layerOf) {
  const layers = Array.from({ length: Math.max(0, ...layerOf.values()) + 1 }, () => []);
  const add = (cell, layer) => {
    layers[layer].push(cell);
    return Object.assign(cell, { layer, before: [], after: [], at: 0 });
  };
  const cellOf = new Map(nodes.map(id => [id, add({ id, isBend: false }, layerOf.get(id))]));
  const chains = edges.map(({ edge, isTurned, from, to }) => {
    const chain = [cellOf.get(from)];
    for (let layer = layerOf.get(from) + 1; layer < layerOf.get(to); layer++) {
      chain.push(add({ isBend: true }, layer));
    }

    chain.push(cellOf.get(to));
    chain.slice(1).forEach((cell, i) => {
      cell.before.push(chain[i]);
      chain[i].after.push(cell);
    });
    return { edge, isTurned, chain };
  });
  return { layers, chains };
}

// Each cell goes to the mean place of its neighbours in the layer before, then after, and so on; the best order is kept.
function order(layers) {
  const number = () => layers.forEach(layer => layer.forEach((cell, i) => { cell.index = i; }));
  number();
  let best = layers.map(layer => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const layer of isForward ? layers.slice(1) : layers.slice(0, -1).reverse()) {
      const mean = cell => {
        const near = isForward ? cell.before : cell.after;
        return near.length === 0 ? cell.index : near.reduce((sum, n) => sum + n.index, 0) / near.length;
      };
      const means = new Map(layer.map(cell => [cell, mean(cell)]));
      layer.sort((a, b) => means.get(a) - means.get(b));
      layer.forEach((cell, i) => { cell.index = i; });
    }

    const now = crossings(layers);
    if (now < fewest) {
      fewest = now;
      best = layers.map(layer => [...layer]);
    }
  }

  layers.forEach((layer, i) => layer.splice(0, layer.length, ...best[i]));
  number();
}

function crossings(layers) {
  let count = 0;
  for (const layer of layers) {
    const edges = layer.flatMap(cell => cell.after.map(next => [cell.index, next.index]));
    for (let i = 0; i < edges.length; i++) {
      for (let j = i + 1; j < edges.length; j++) {
        count += (edges[i][0] - edges[j][0]) * (edges[i][1] - edges[j][1]) < 0 ? 1 : 0;
      }
    }
  }

  return count;
}

// Cells move towards their neighbours as far as those beside them leave room.
function spread(layers, sizeOf, gap) {
  for (const layer of layers) {
    let at = 0;
    for (const cell of layer) {
      cell.at = at + sizeOf(cell) / 2;
      at += sizeOf(cell) + gap;
    }
  }

  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const wish = layer.map(cell => {
        const near = sweep % 2 === 0 ? cell.before : cell.after;
        return near.length === 0 ? cell.at : near.reduce((sum, n) => sum + n.at, 0) / near.length;
      });
      apart(layer, wish, sizeOf, gap);
    }
  }
}

// The places nearest to the wishes, in order and with room between: cells that would overlap move as one block around their mean.
function apart(layer, wish, sizeOf, gap) {
  const blocks = [];
  layer.forEach((cell, i) => {
    const size = sizeOf(cell);
    let block = { cells: [cell], wishes: [wish[i] - size / 2], start: wish[i] - size / 2, size };
    while (blocks.length > 0 && blocks.at(-1).start + blocks.at(-1).size + gap > block.start) {
      const before = blocks.pop();
      const shift = before.size + gap;
      const wishes = [...before.wishes, ...block.wishes.map(w => w - shift)];
      block = { cells: [...before.cells, ...block.cells], wishes, start: wishes.reduce((a, b) => a + b, 0) / wishes.length, size: shift + block.size };
    }

    blocks.push(block);
  });
  for (const block of blocks) {
    let at = block.start;
    for (const cell of block.cells) {
      cell.at = at + sizeOf(cell) / 2;
      at += sizeOf(cell) + gap;
    }
  }
}
