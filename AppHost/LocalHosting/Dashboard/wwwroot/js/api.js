// The page API: JSON out, errors as problem+json.

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The dashboard answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? null;
  }
}

/** The address of an API path; parameters that are null, undefined, false or empty are left out. */
export function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '' && value !== false) {
      query.set(name, value);
    }
  }

  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const get = (path, params, options) => send('GET', address(path, params), options);
export const post = (path, params, options) => send('POST', address(path, params), options);
export const remove = (path, params, options) => send('DELETE', address(path, params), options);

async function send(method, url, { signal } = {}) {
  let response;
  try {
    response = await fetch(url, { method, signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }

    throw new ApiError(0, { title: 'The dashboard cannot be reached. Is the AppHost still running?' });
  }

  if (response.status === 401) {
    location.assign(`/login?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
  }

  if (!response.ok) {
    throw new ApiError(response.status, await problemOf(response));
  }

  return response.status === 204 ? null : response.json();
}

async function problemOf(response) {
  return response.headers.get('content-type')?.includes('json') ? response.json() : {};
}
