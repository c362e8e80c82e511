import type { XmlElement, XmlNode } from '@offhook/xml';
import { textOf } from '@offhook/xml';
import { isStandard } from './namespaces.ts';

/** What a link decides about everything that it writes. */
export interface Style {
  /** `mediaAttachementServices` and `TransferedEvent`, as some OpenScape versions write them. */
  readonly isMisspelt: boolean;
}

/**
 * How one sort of value stands in an element, in both directions. What is written is read back the same.
 * `read` gives `undefined` where the content is not of this kind: no value is a reason to throw.
 */
export interface Kind<T> {
  read(element: XmlElement): T | undefined;
  write(value: T, name: string, style: Style): XmlNode;
}

/** Elements of other namespaces are private; those of no namespace are taken for the standard's. */
export function childNamed(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((child) => child.name === name && isStandard(child.namespace));
}

export function childrenNamed(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name && isStandard(child.namespace));
}

const leaf = (name: string, text: string): XmlNode => ({ name, children: text === '' ? [] : [text] });

export const text: Kind<string> = {
  read: textOf,
  write: (value, name) => leaf(name, value),
};

/** For identifiers, of which an empty one is none. The caller names the brand. */
export function identifier<T extends string>(): Kind<T> {
  return {
    read(element) {
      const value = textOf(element);
      // The one place where text of a peer becomes an identifier.
      return value === '' ? undefined : (value as T);
    },
    write: (value, name) => leaf(name, value),
  };
}

export const integer: Kind<number> = {
  read(element) {
    const value = textOf(element);
    // Minus nothing is nothing.
    return /^[+-]?\d{1,15}$/.test(value) ? Number(value) + 0 : undefined;
  },
  write: (value, name) => leaf(name, String(Math.trunc(value))),
};

/** XML Schema has two spellings of each. */
export const flag: Kind<boolean> = {
  read(element) {
    switch (textOf(element)) {
      case 'true':
      case '1':
        return true;
      case 'false':
      case '0':
        return false;
      default:
        return undefined;
    }
  },
  write: (value, name) => leaf(name, String(value)),
};

export function oneOf<const V extends string>(values: readonly V[]): Kind<V> {
  return {
    read(element) {
      const value = textOf(element);
      return values.find((known) => known === value);
    },
    write: (value, name) => leaf(name, value),
  };
}

/** An element with one boolean element for each name: those that are true. Names that are not known are passed over. */
export function flags<const V extends string>(names: readonly V[]): Kind<readonly V[]> {
  return {
    read: (element) =>
      names.filter((name) => {
        const child = childNamed(element, name);
        return child !== undefined && flag.read(child) === true;
      }),
    write: (value, name) => ({ name, children: value.map((one) => leaf(one, 'true')) }),
  };
}

/** The names of the elements in it, whatever they hold: how capabilities are listed. */
export const elementNames: Kind<readonly string[]> = {
  read: (element) =>
    element.children.filter(({ namespace }) => isStandard(namespace)).map(({ name }) => name),
  write: (value, name) => ({ name, children: value.map((one) => leaf(one, '')) }),
};
