import * as z from 'zod';
import { ScimError } from './errors.ts';
import { matches, parsePath, valueOf, type Filter, type Path } from './filter.ts';

export type Resource = Record<string, unknown>;

export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Operations of one request. */
const OPERATIONS = 100;

const Word = z.string().transform((text) => text.toLowerCase());

/** RFC 7644 §3.5.2. Entra ID writes `Add`. */
export const PatchRequest = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(PATCH_SCHEMA)),
  Operations: z
    .array(
      z.object({
        op: Word.pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().min(1).max(4_000).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(OPERATIONS),
});
export type PatchOperation = z.infer<typeof PatchRequest>['Operations'][number];

/** One attribute of an operation; of one without a path each of its value is one. */
export type Step = { op: PatchOperation['op']; path: Path; value: unknown; isNamed: boolean };

/**
 * What is to be done, attribute by attribute.
 * @throws ScimError `invalidPath`, `invalidValue`, `noTarget`
 */
export function stepsOf(operations: readonly PatchOperation[]): Step[] {
  return operations.flatMap(({ op, path, value }): Step[] => {
    if (path !== undefined) return [{ op, path: parsePath(path), value, isNamed: true }];
    if (op === 'remove') throw new ScimError(400, 'noTarget', 'What is removed has to be named by a path.');
    if (!isObject(value))
      throw new ScimError(400, 'invalidValue', 'Without a path the value has to be an object.');
    return Object.entries(value).map(([name, one]) => ({
      op,
      path: parsePath(name),
      value: one,
      isNamed: false,
    }));
  });
}

/** What a resource is made of, as far as it can be written. */
export type Shape = Readonly<Record<string, 'simple' | 'complex' | 'many'>>;

/** Attributes that only the service writes. */
const readOnly = new Set(['id', 'meta', 'groups', 'schemas']);

/**
 * The resource as it is after these operations. What we do not keep (titles, departments, extensions) is passed over, as it is in a whole resource,
 * so that the usual mappings of identity providers need not be changed. Pure.
 * @throws ScimError `mutability`, `invalidPath`, `invalidValue`, `noTarget`
 */
export function applyPatch(
  resource: Resource,
  operations: readonly PatchOperation[],
  shape: Shape,
): Resource {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  const after = structuredClone(resource);
  for (const step of stepsOf(operations)) {
    if (readOnly.has(step.path.attribute)) {
      // Okta sends the id along.
      if (!step.isNamed) continue;
      throw new ScimError(400, 'mutability', `“${step.path.attribute}” cannot be written.`);
    }
    const name = names.get(step.path.attribute);
    if (name !== undefined) applyStep(after, name, step, shape[name] ?? 'simple');
  }
  return after;
}

function applyStep(resource: Resource, name: string, step: Step, kind: Shape[string]): void {
  const { op, path, value } = step;
  switch (kind) {
    case 'simple':
      if (path.filter !== undefined || path.sub !== undefined)
        throw new ScimError(400, 'invalidPath', `“${name}” has no parts.`);
      if (op === 'remove') delete resource[name];
      else resource[name] = value;
      return;
    case 'complex': {
      if (path.filter !== undefined) throw new ScimError(400, 'invalidPath', `“${name}” is one.`);
      if (path.sub === undefined && op === 'remove') {
        delete resource[name];
        return;
      }
      const before = resource[name];
      const held = isObject(before) ? before : {};
      if (path.sub !== undefined) setPart(held, path.sub, op === 'remove' ? undefined : value);
      else if (isObject(value)) for (const [part, one] of Object.entries(value)) setPart(held, part, one);
      else throw new ScimError(400, 'invalidValue', `“${name}” is an object.`);
      resource[name] = held;
      return;
    }
    case 'many':
      resource[name] = manyAfter(elementsOf(resource[name]), step);
  }
}

/** Elements after one step; see RFC 7644 §3.5.2.1 to §3.5.2.3. */
function manyAfter(elements: readonly Resource[], { op, path, value }: Step): Resource[] {
  const { filter, sub } = path;
  if (filter === undefined) {
    if (sub !== undefined) {
      for (const element of elements) setPart(element, sub, op === 'remove' ? undefined : value);
      return [...elements];
    }
    const named = elementsOf(value);
    if (op === 'replace') return named;
    if (op === 'remove') {
      return value === undefined
        ? []
        : elements.filter((element) => !named.some((one) => sameValue(element, one)));
    }
    const others = named.some((one) => one['primary'] === true)
      ? elements.map((element) => ({ ...element, primary: false }))
      : elements;
    return [...others.filter((element) => !named.some((one) => sameValue(element, one))), ...named];
  }
  const found = elements.filter((element) => matches(filter, element));
  if (op === 'remove') {
    if (sub === undefined) return elements.filter((element) => !found.includes(element));
    for (const element of found) setPart(element, sub, undefined);
    return [...elements];
  }
  const made = found.length === 0 ? madeBy(filter) : undefined;
  if (found.length === 0 && made === undefined)
    throw new ScimError(400, 'noTarget', 'Nothing matches the filter of the path.');
  for (const element of made === undefined ? found : [made]) {
    if (sub !== undefined) setPart(element, sub, value);
    else if (isObject(value)) for (const [part, one] of Object.entries(value)) setPart(element, part, one);
    else throw new ScimError(400, 'invalidValue', 'An element is an object.');
  }
  return made === undefined ? [...elements] : [...elements, made];
}

/** Entra ID sets `emails[type eq "work"].value` of somebody who has none: the filter says what the new one is. */
function madeBy(filter: Filter): Resource | undefined {
  if (filter.kind === 'compare' && filter.operator === 'eq') return { [filter.path]: filter.value };
  if (filter.kind !== 'and') return undefined;
  const parts = filter.of.map(madeBy);
  return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
}

const sameValue = (one: Resource, other: Resource): boolean =>
  valueOf(one, 'value') !== undefined && valueOf(one, 'value') === valueOf(other, 'value');

/** By the name that it has already, whatever its case. */
function setPart(held: Resource, part: string, value: unknown): void {
  for (const name of Object.keys(held)) if (name.toLowerCase() === part.toLowerCase()) delete held[name];
  if (value !== undefined) held[partNames.get(part.toLowerCase()) ?? part] = value;
}
const partNames = new Map(
  ['formatted', 'givenName', 'familyName', 'value', 'type', 'primary', 'display'].map((part) => [
    part.toLowerCase(),
    part,
  ]),
);

export const isObject = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A multi-valued attribute, also where a client sends one element bare, or the values alone. */
export function elementsOf(value: unknown): Resource[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.map((one: unknown) => {
    if (isObject(one)) return one;
    if (typeof one === 'string') return { value: one };
    throw new ScimError(400, 'invalidValue', 'An element is an object.');
  });
}

/** The same resource with the names of its attributes as `shape` spells them, those that we do not keep left out. */
export function canonical(resource: Resource, shape: Shape): Resource {
  const after: Resource = {};
  for (const [name, kind] of Object.entries(shape)) {
    const value = valueOf(resource, name);
    if (value === undefined || value === null) continue;
    const spelled = (one: Resource): Resource => {
      const copy: Resource = {};
      for (const [part, held] of Object.entries(one)) setPart(copy, part, held);
      return copy;
    };
    if (kind === 'many') after[name] = elementsOf(value).map(spelled);
    else if (kind === 'complex' && isObject(value)) after[name] = spelled(value);
    else after[name] = value;
  }
  return after;
}
