/** What plays or records, as a browser lists it (Media Capture and Streams, §9.2). */
export interface ListedDevice {
  readonly kind: 'audioinput' | 'audiooutput';
  /** Empty before the person has permitted anything. */
  readonly deviceId: string;
  /** As `deviceId`; Windows writes a counter before a device that was plugged in at another place: `Headset (2- Jabra)`. */
  readonly label: string;
  /** The same for the parts of one thing, e.g. a headset's microphone and its speakers. Empty where the browser does not tell. */
  readonly groupId: string;
}

/** A device as it is remembered: any of the three may be another one the next time it is plugged in. */
export interface DeviceRef {
  readonly id: string;
  readonly label: string;
  readonly group: string;
}

export interface Device extends DeviceRef {
  readonly kind: ListedDevice['kind'];
}

/** What Chromium lists beside the devices themselves: the system's choice, and on Windows its choice for calls. */
export const aliases = ['default', 'communications'] as const;
export type Alias = (typeof aliases)[number];

export interface DeviceList {
  /** Without aliases, in the browser's order. */
  readonly devices: readonly Device[];
  /** Which device an alias stands for, by kind; absent where the browser does not say. */
  readonly aliases: Readonly<Record<ListedDevice['kind'], Partial<Record<Alias, Device | undefined>>>>;
}

export const emptyList: DeviceList = { devices: [], aliases: { audioinput: {}, audiooutput: {} } };

/** Undefined where names are withheld, as all browsers do before the microphone was permitted: such a list tells nothing. */
export function readListing(listed: readonly ListedDevice[]): DeviceList | undefined {
  const named = listed.filter(({ deviceId, label }) => deviceId !== '' && label !== '');
  if (named.length === 0 && listed.length > 0) return undefined;
  const devices = named.filter((one) => aliasOf(one) === undefined).map(toDevice);
  const found = { audioinput: {}, audiooutput: {} } as Record<
    ListedDevice['kind'],
    Partial<Record<Alias, Device | undefined>>
  >;
  for (const one of named) {
    const alias = aliasOf(one);
    if (alias !== undefined) found[one.kind][alias] = behindAlias(one, devices);
  }
  return { devices, aliases: found };
}

function aliasOf({ deviceId }: ListedDevice): Alias | undefined {
  return aliases.find((alias) => alias === deviceId);
}

function toDevice({ kind, deviceId, label, groupId }: ListedDevice): Device {
  return { kind, id: deviceId, label, group: groupId };
}

/** An alias is named after its device in the system's language (`Default - Headset`, `Standard - Headset`), and is of its group. */
function behindAlias(alias: ListedDevice, devices: readonly Device[]): Device | undefined {
  const same = devices.filter(({ kind }) => kind === alias.kind);
  return (
    same.find(({ label }) => alias.label.endsWith(` - ${label}`)) ??
    same.find(({ group }) => group !== '' && group === alias.groupId)
  );
}

/** Without the counter that Windows adds and the `vendor:product` that Chromium adds. */
export function plainLabel(label: string): string {
  return label
    .replace(/\((?:\d+)\s*-\s*/u, '(')
    .replace(/^\d+\s*-\s*/u, '')
    .replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/iu, '')
    .trim();
}

/**
 * The device that is meant, among those of its kind: by its id; else by its name, which a Bluetooth headset keeps when its id
 * is another after pairing; else by its group. Of two of one name the one in the same group. What was plugged in beside it
 * (`others`) is not meant by the group: the sockets of one sound card share theirs.
 */
export function findDevice(
  wanted: DeviceRef,
  among: readonly Device[],
  others: readonly Device[] = [],
): Device | undefined {
  const byId = among.find(({ id }) => id === wanted.id);
  if (byId !== undefined) return byId;
  const byGroup = among.filter(({ group }) => group !== '' && group === wanted.group);
  const byLabel = among.filter((one) => isSameLabel(one, wanted));
  return (
    byLabel.find((one) => byGroup.includes(one)) ??
    byLabel[0] ??
    byGroup.find(({ id }) => !others.some((other) => other.id === id))
  );
}

export function isSameLabel(one: DeviceRef, other: DeviceRef): boolean {
  return plainLabel(one.label) === plainLabel(other.label);
}

/** Names the set of devices: the same whenever the same things are plugged in, in whatever order and under whatever ids. */
export function setKey({ devices }: DeviceList): string {
  const names = devices.map(
    ({ kind, label }) => `${kind === 'audioinput' ? 'in' : 'out'} ${plainLabel(label)}`,
  );
  return names.toSorted().join('\n');
}
