// The colours that programs write into their output: ESC [ 1;31 m and the like.

// Colours, then every other command to a terminal, which is left out.
const command = /\x1b\[([0-9;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b-\x1f]/g;
const plainStyle = { bold: false, faint: false, italic: false, underline: false, struck: false, inverse: false, text: null, back: null };

/**
 * A line as pieces of one look each: [{ text, start, style }]. `start` is the place in the text without commands; style.text and
 * style.back are a number of the sixteen colours, an "rgb(...)" or null.
 */
export function parse(line) {
  const pieces = [];
  let style = plainStyle;
  let from = 0;
  let start = 0;
  const add = to => {
    if (to > from) {
      const text = line.slice(from, to);
      pieces.push({ text, start, style });
      start += text.length;
    }
  };
  for (const match of line.matchAll(command)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) {
      style = apply(style, match[1].split(/[;:]/).map(Number));
    }
  }

  add(line.length);
  return pieces;
}

/** The text without its commands. */
export const strip = line => line.replace(command, '');

/** The classes that draw a style; colours that are none of the sixteen come from `styleProperties`. */
export function classesOf(style) {
  const [text, back] = style.inverse ? [style.back ?? 'back', style.text ?? 'text'] : [style.text, style.back];
  return ['bold', 'faint', 'italic', 'underline', 'struck'].filter(name => style[name]).map(name => `ansi-${name}`)
    .concat(isNamed(text) ? [`ansi-${text}`] : [], isNamed(back) ? [`ansi-on-${back}`] : []).join(' ');
}

export function propertiesOf(style) {
  const [text, back] = style.inverse ? [style.back, style.text] : [style.text, style.back];
  return { ...(isOwn(text) ? { color: text } : {}), ...(isOwn(back) ? { 'background-color': back } : {}) };
}

const isOwn = colour => typeof colour === 'string' && colour.startsWith('rgb');
const isNamed = colour => colour !== null && !isOwn(colour);

function apply(before, codes) {
  let style = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) {
      style = { ...plainStyle };
    } else if (code in simple) {
      Object.assign(style, simple[code]);
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      style.text = code >= 90 ? code - 82 : code - 30;
    } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      style.back = code >= 100 ? code - 92 : code - 40;
    } else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(i + 1));
      style[code === 38 ? 'text' : 'back'] = colour;
      i += used;
    }
  }

  return style;
}

const simple = {
  1: { bold: true }, 2: { faint: true }, 3: { italic: true }, 4: { underline: true }, 7: { inverse: true }, 9: { struck: true },
  22: { bold: false, faint: false }, 23: { italic: false }, 24: { underline: false }, 27: { inverse: false }, 29: { struck: false },
  39: { text: null }, 49: { back: null },
};

// 5;208 of 256 colours, or 2;255;128;0
function extended([kind, ...values]) {
  if (kind === 2) {
    return [`rgb(${values.slice(0, 3).map(value => value & 255).join(' ')})`, 4];
  }

  const n = values[0] & 255;
  if (n < 16) {
    return [n, 2];
  }

  if (n >= 232) {
    return [`rgb(${Array(3).fill(8 + (n - 232) * 10).join(' ')})`, 2];
  }

  const level = part => part === 0 ? 0 : 55 + part * 40;
  return [`rgb(${[Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6].map(level).join(' ')})`, 2];
}
