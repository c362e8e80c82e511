import type { Attribute, MediaDescription, SessionDescription } from './types.ts';

type Level = Pick<MediaDescription, 'attributes'>;

/** The first attribute of that name; its value is '' for a property attribute (`a=rtcp-mux`). */
export function attributeValue(level: Level, name: string): string | undefined {
  const found = level.attributes.find((attribute) => attribute.name === name);
  return found === undefined ? undefined : (found.value ?? '');
}

export function attributeValues(level: Level, name: string): readonly string[] {
  return level.attributes.filter((attribute) => attribute.name === name).map(({ value }) => value ?? '');
}

/** Of the media line, else of the session. */
export function inheritedValue(
  description: SessionDescription,
  media: MediaDescription,
  name: string,
): string | undefined {
  return attributeValue(media, name) ?? attributeValue(description, name);
}

export function attribute(name: string, value?: string | number): Attribute {
  return value === undefined ? { name } : { name, value: `${value}` };
}

/** Address of a `c=` value (`IN IP4 192.0.2.1`, `IN IP4 224.2.1.1/127`); undefined for other networks. */
export function connectionAddress(connection: string): string | undefined {
  const match = /^IN IP[46] ([^\s/]+)(?:\/\d+)*$/.exec(connection);
  return match?.[1];
}

export function connectionOf(address: string): string {
  return `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;
}
