// The pages: their names in the address, in the menu and on the keyboard.

export const pages = [
  { name: 'resources', label: 'Resources', key: 'r', icon: 'resources', path: '/', load: () => import('/pages/resources.js') },
  { name: 'consolelogs', label: 'Console', key: 'c', icon: 'console', path: '/consolelogs', load: () => import('/pages/console-logs.js') },
  { name: 'structuredlogs', label: 'Structured', key: 's', icon: 'logs', path: '/structuredlogs', load: () => import('/pages/structured-logs.js') },
  { name: 'traces', label: 'Traces', key: 't', icon: 'traces', path: '/traces', load: () => import('/pages/traces.js') },
  { name: 'metrics', label: 'Metrics', key: 'm', icon: 'metrics', path: '/metrics', load: () => import('/pages/metrics.js') },
];

// Pages that other pages lead to. `menu` is the entry of the menu that they belong to.
const hidden = [
  { name: 'trace-detail', menu: 'traces', load: () => import('/pages/trace-detail.js') },
];

/** The page of an address path and what the path says: { page, params }, or null. */
export function find(path) {
  const parts = path.split('/').filter(part => part !== '').map(decoded);
  const [first = ''] = parts;
  if (first === 'traces' && parts[1] === 'detail' && parts.length === 3) {
    const page = hidden.find(p => p.name === 'trace-detail');
    return page ? { page, params: { id: parts[2] } } : null;
  }

  const page = pages.find(p => p.path === `/${first}`);
  if (!page || (parts.length > 1 && (parts.length !== 3 || parts[1] !== 'resource'))) {
    return null;
  }

  return { page, params: parts.length === 3 ? { resource: parts[2] } : {} };
}

// An address that somebody typed may hold a % that means nothing.
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
