const narrow = matchMedia('(max-width: 640px)');

/** Rows of one line where there is room, of two on a narrow screen. */
export function rowHeight(list, wide, tall) {
  const apply = () => list.configure({ rowHeight: narrow.matches ? tall : wide });
  narrow.addEventListener('change', apply);
  apply();
  return { stop: () => narrow.removeEventListener('change', apply) };
}
