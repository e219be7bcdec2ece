import { html } from '/vendor/lit-html/lit-html.js';
import { colourOf, know } from '/js/colours.js';
import { styles } from '/js/styles.js';

/** The names to filter by: of what runs, in the order in which the app model has it. */
export async function resourceNames(api) {
  const resources = await api.get('/api/resources');
  know(resources);
  return resources.filter(resource => resource.commands.length > 0).map(resource => resource.name);
}

/** The path of a page for one resource, with the filters of the address; '' is all resources. */
export const resourcePath = (page, resource) => `${page}${resource ? `/resource/${encodeURIComponent(resource)}` : ''}${location.search}`;

/** A resource with its colour, which never stands alone. */
export const resourceTag = name => html`<span class="resource-tag"><span class="swatch" ${styles({ '--swatch': colourOf(name) })}></span><span>${name}</span></span>`;
