import type { XmlElement, XmlNode } from '@offhook/xml';
import type { Kind, Style } from './kinds.ts';
import { childNamed, childrenNamed } from './kinds.ts';

/** One property of a message and where it stands: in the element of its own name, or wherever the field says. */
export interface Field<T, Optional extends boolean = boolean> {
  readonly isOptional: Optional;
  /** `undefined`: it is not there, or not of its kind. */
  read(parent: XmlElement, name: string): T | undefined;
  write(value: T, name: string, style: Style): readonly XmlNode[];
}

/** The properties of a message, named as the standard names its elements, in the order in which they are written. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;
type OptionalNames<S extends Shape> = {
  [N in keyof S]: S[N] extends Field<unknown, true> ? N : never;
}[keyof S];
type Simplified<T> = { [K in keyof T]: T[K] };

/** The type of what a shape describes. */
export type Content<S extends Shape> = Simplified<
  { readonly [N in Exclude<keyof S, OptionalNames<S>>]: ValueOf<S[N]> } & {
    readonly [N in OptionalNames<S>]?: ValueOf<S[N]> | undefined;
  }
>;

export function required<T>(kind: Kind<T>): Field<T, false> {
  return { isOptional: false, ...single(kind) };
}

/** Left out where its content is of another kind: an unknown cause is no reason to lose an event. */
export function optional<T>(kind: Kind<T>): Field<T, true> {
  return { isOptional: true, ...single(kind) };
}

function single<T>(kind: Kind<T>): Pick<Field<T>, 'read' | 'write'> {
  return {
    read(parent, name) {
      const element = childNamed(parent, name);
      return element === undefined ? undefined : kind.read(element);
    },
    write: (value, name, style) => [kind.write(value, name, style)],
  };
}

/** Like {@link optional}, inside of another element. */
export function within<T>(path: string, kind: Kind<T>): Field<T, true> {
  const { read, write } = single(kind);
  return {
    isOptional: true,
    read(parent, name) {
      const outer = childNamed(parent, path);
      return outer === undefined ? undefined : read(outer, name);
    },
    write: (value, name, style) => [{ name: path, children: write(value, name, style) }],
  };
}

/**
 * All elements of one name, inside of the given ones: `list(['a', 'b'], 'c', kind)` reads `<a><b><c/><c/></b></a>`. Where the outer
 * ones are missing it is left out; items that are not of their kind are passed over.
 */
export function list<T>(path: readonly string[], item: string, kind: Kind<T>): Field<readonly T[], true> {
  return {
    isOptional: true,
    read(parent) {
      let at: XmlElement | undefined = parent;
      for (const name of path) at = at === undefined ? undefined : childNamed(at, name);
      if (at === undefined) return undefined;
      const items = childrenNamed(at, item);
      // Without outer elements nothing tells an empty list from none.
      if (path.length === 0 && items.length === 0) return undefined;
      return items.flatMap((element) => kind.read(element) ?? []);
    },
    write(value, _name, style) {
      let nodes = value.map((one) => kind.write(one, item, style));
      for (const name of path.toReversed()) nodes = [{ name, children: nodes }];
      return nodes;
    },
  };
}

/** The first field that a shape needs and an element does not have, or what is there. */
export type ShapeResult<S extends Shape> =
  | { readonly kind: 'content'; readonly content: Content<S> }
  | { readonly kind: 'missing'; readonly field: string };

export function readShape<S extends Shape>(shape: S, element: XmlElement): ShapeResult<S> {
  const content: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = field.read(element, name);
    if (value !== undefined) content[name] = value;
    else if (!field.isOptional) return { kind: 'missing', field: name };
  }
  // Each field has read its own type, and none that is needed is missing; TypeScript cannot follow a loop over names.
  return { kind: 'content', content: content as Content<S> };
}

export function writeShape(shape: Shape, content: object, style: Style): XmlNode[] {
  const values = new Map<string, unknown>(Object.entries(content));
  return Object.entries(shape).flatMap(([name, field]) => {
    const value = values.get(name);
    return value === undefined ? [] : field.write(value, name, style);
  });
}

/** An element with elements in it. */
export function group<S extends Shape>(shape: S): Kind<Content<S>> {
  return {
    read(element) {
      const result = readShape(shape, element);
      return result.kind === 'content' ? result.content : undefined;
    },
    write: (value, name, style) => ({ name, children: writeShape(shape, value, style) }),
  };
}
