// Styles that come from data. The page's policy forbids style attributes, so they are set on the element:
//
//   html`<div ${styles({ '--left': '20%' })}></div>`

import { directive, Directive } from '/vendor/lit-html/directive.js';
import { noChange } from '/vendor/lit-html/lit-html.js';

export const styles = directive(class extends Directive {
  render() {
    return noChange;
  }

  update({ element }, [properties]) {
    for (const name of Object.keys(this.before ?? {})) {
      if (!(name in properties)) {
        element.style.removeProperty(name);
      }
    }

    for (const [name, value] of Object.entries(properties)) {
      if (this.before?.[name] !== value) {
        element.style.setProperty(name, value);
      }
    }

    this.before = properties;
    return noChange;
  }
});
