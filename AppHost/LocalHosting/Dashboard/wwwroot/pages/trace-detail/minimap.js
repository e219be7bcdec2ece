import { colourOf } from '/js/colours.js';

/**
 * The whole trace in a strip, every span a stroke of its resource's colour. Dragging over it chooses the part that the waterfall
 * shows; a click without a drag goes back to all of it.
 */
export function createMinimap(canvas, brush, onRange) {
  let spans = [];
  let total = 1;
  let from = null;

  const observer = new ResizeObserver(draw);
  observer.observe(canvas);
  const themed = new MutationObserver(draw);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });

  const at = event => {
    const { left, width } = canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * total;
  };

  const down = event => {
    canvas.setPointerCapture(event.pointerId);
    from = at(event);
  };
  const move = event => {
    if (from !== null) {
      show({ from: Math.min(from, at(event)), to: Math.max(from, at(event)) });
    }
  };
  const up = event => {
    if (from !== null) {
      const to = at(event);
      const isDrag = Math.abs(to - from) > total / 200;
      onRange(isDrag ? { from: Math.min(from, to), to: Math.max(from, to) } : null);
      from = null;
    }
  };
  const cancel = () => {
    from = null;
  };

  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', cancel);

  return {
    update(newSpans, newTotal, range) {
      if (newSpans !== spans) {
        [spans, total] = [newSpans, newTotal || 1];
        draw();
      }

      show(range);
    },
    stop() {
      observer.disconnect();
      themed.disconnect();
    },
  };

  function show(range) {
    const isAll = range.from <= 0 && range.to >= total;
    brush.hidden = isAll;
    brush.style.left = `${range.from / total * 100}%`;
    brush.style.width = `${(range.to - range.from) / total * 100}%`;
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || spans.length === 0) {
      return;
    }

    const ratio = devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    const theme = getComputedStyle(document.documentElement);
    const colours = new Map();
    const stroke = Math.max(1, Math.min(3, (height - 4) / spans.length - 0.5));

    spans.forEach((span, index) => {
      if (!colours.has(span.resource)) {
        colours.set(span.resource, theme.getPropertyValue(/--[\w-]+/.exec(colourOf(span.resource))[0]));
      }

      context.fillStyle = span.status === 'error' ? theme.getPropertyValue('--error') : colours.get(span.resource);
      context.globalAlpha = span.status === 'error' ? 1 : 0.75;
      context.fillRect(span.startMs / total * width, 2 + index / spans.length * (height - 4), Math.max(1, span.durationMs / total * width), stroke);
    });
  }
}
