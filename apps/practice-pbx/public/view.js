// The view of the PBX as the server tells it: whole once, then what is another.

const NAME_OF = {
  extensions: ({ number }) => number,
  phones: ({ id }) => id,
  calls: ({ id }) => id,
  peers: ({ remote }) => remote,
};

export function afterChange(view, { set, gone }) {
  const next = { ...view, ...set };
  for (const [list, nameOf] of Object.entries(NAME_OF)) {
    const items = new Map(view[list].map((item) => [nameOf(item), item]));
    for (const name of gone[list] ?? []) items.delete(name);
    for (const item of set[list] ?? []) items.set(nameOf(item), item);
    next[list] = [...items.values()];
  }
  return next;
}
