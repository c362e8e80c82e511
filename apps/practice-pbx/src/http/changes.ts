import type { PbxView } from './views.ts';

/** What is another now: whole items of lists, by what names them, and parts that are no lists. */
export interface ViewChange {
  readonly set: Partial<PbxView>;
  /** Names of items that are no more, by list. */
  readonly gone: Readonly<Partial<Record<ListName, readonly string[]>>>;
}

type ListName = 'extensions' | 'phones' | 'calls' | 'peers';

/** What names an item of each list. */
const NAME_OF: { readonly [L in ListName]: (item: PbxView[L][number]) => string } = {
  extensions: ({ number }) => number,
  phones: ({ id }) => id,
  calls: ({ id }) => id,
  peers: ({ remote }) => remote,
};
const LISTS = ['extensions', 'phones', 'calls', 'peers'] as const satisfies readonly ListName[];

function isList(name: string): name is ListName {
  return Object.hasOwn(NAME_OF, name);
}

/** A view cut into pieces: the key says which, the text what it is. */
export interface ViewPieces {
  readonly view: PbxView;
  readonly texts: ReadonlyMap<string, string>;
}

export function piecesOf(view: PbxView): ViewPieces {
  const texts = new Map<string, string>();
  for (const list of LISTS) {
    for (const [name, item] of namedItems(view, list)) texts.set(`${list} ${name}`, JSON.stringify(item));
  }
  for (const [name, part] of Object.entries(view)) {
    if (!isList(name)) texts.set(name, JSON.stringify(part));
  }
  return { view, texts };
}

/** From one view to another; undefined where they are the same. */
export function changeBetween(before: ViewPieces, after: ViewPieces): ViewChange | undefined {
  const { view, texts } = after;
  const differs = (key: string): boolean => texts.get(key) !== before.texts.get(key);
  const set: Record<string, unknown> = {};
  const gone: Partial<Record<ListName, readonly string[]>> = {};
  for (const list of LISTS) {
    const changed = namedItems(view, list).filter(([name]) => differs(`${list} ${name}`));
    if (changed.length > 0) set[list] = changed.map(([, item]) => item);
    const lost = namedItems(before.view, list).filter(([name]) => !texts.has(`${list} ${name}`));
    if (lost.length > 0) gone[list] = lost.map(([name]) => name);
  }
  for (const [name, part] of Object.entries(view)) {
    if (!isList(name) && differs(name)) set[name] = part;
  }
  if (Object.keys(set).length === 0 && Object.keys(gone).length === 0) return undefined;
  return { set, gone };
}

/** The view after a change, as a page makes it. */
export function afterChange(view: PbxView, { set, gone }: ViewChange): PbxView {
  const lists = { ...view, ...set };
  return {
    ...lists,
    extensions: merged('extensions', view, set, gone),
    phones: merged('phones', view, set, gone),
    calls: merged('calls', view, set, gone),
    peers: merged('peers', view, set, gone),
  };
}

function merged<L extends ListName>(
  list: L,
  view: PbxView,
  set: Partial<PbxView>,
  gone: ViewChange['gone'],
): readonly PbxView[L][number][] {
  const items = new Map(namedItems(view, list));
  for (const name of gone[list] ?? []) items.delete(name);
  for (const [name, item] of namedItems({ ...view, [list]: set[list] ?? [] }, list)) items.set(name, item);
  return [...items.values()];
}

function namedItems<L extends ListName>(view: PbxView, list: L): (readonly [string, PbxView[L][number]])[] {
  const items: readonly PbxView[L][number][] = view[list];
  return items.map((item) => [NAME_OF[list](item), item] as const);
}
