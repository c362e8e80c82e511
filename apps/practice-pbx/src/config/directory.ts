import type { Person } from '../person.ts';
import { deviceId } from '../switch/api.ts';
import type { DeviceId, DeviceKind } from '../switch/api.ts';
import type { Sound } from '../switch/model.ts';
import type { ExchangeConfig, ExtensionConfig, OutsideConfig, ServiceConfig } from './exchange.ts';

/** What a service number does: answers with something, or never does. */
export type ServiceAct =
  | { readonly kind: 'answer'; readonly sound: Sound }
  | { readonly kind: 'refuse'; readonly status: 486 | 603 }
  | { readonly kind: 'ring_only'; readonly ringSeconds: number };

/** A line that can register and call. */
export interface DirectoryDevice {
  readonly id: DeviceId;
  readonly kind: Extract<DeviceKind, 'extension' | 'line' | 'outside'>;
  /** As others see it: for a line the main number of its extension. */
  readonly person: Person;
  readonly extension: ExtensionConfig | undefined;
  /** Of digest authentication. */
  readonly user: string;
  readonly password: string;
}

export type DirectoryConfig = Pick<ExchangeConfig, 'extensions' | 'services'> &
  Partial<Pick<ExchangeConfig, 'outside'>>;

/** The numbers of the PBX and who may use them. */
export class Directory {
  readonly extensions: readonly ExtensionConfig[];
  readonly services: readonly ServiceConfig[];
  readonly outside: readonly OutsideConfig[];
  readonly devices: readonly DirectoryDevice[];
  readonly #byNumber: ReadonlyMap<string, DirectoryDevice>;
  readonly #byUser: ReadonlyMap<string, DirectoryDevice>;
  readonly #services: ReadonlyMap<string, ServiceConfig>;

  /** @param outsidePassword of the practice telephones of the public network, which nobody else shall register as */
  constructor(config: DirectoryConfig, outsidePassword: string) {
    this.extensions = config.extensions;
    this.services = config.services;
    this.outside = config.outside ?? [];
    this.devices = [
      ...this.extensions.flatMap(devicesOf),
      ...this.outside.map((entry) => ({
        id: deviceId(entry.number),
        kind: 'outside' as const,
        person: personOf(entry),
        extension: undefined,
        user: entry.number,
        password: outsidePassword,
      })),
    ];
    this.#byNumber = new Map(this.devices.map((device) => [device.id, device]));
    this.#byUser = new Map(this.devices.map((device) => [device.user, device]));
    this.#services = new Map(config.services.map((service) => [service.number, service]));
  }

  device(number: string): DirectoryDevice | undefined {
    return this.#byNumber.get(number);
  }

  extension(number: string): ExtensionConfig | undefined {
    const device = this.#byNumber.get(number);
    return device?.kind === 'extension' ? device.extension : undefined;
  }

  /** By the user name of digest authentication. */
  user(authUser: string): DirectoryDevice | undefined {
    return this.#byUser.get(authUser);
  }

  service(number: string): ServiceConfig | undefined {
    return this.#services.get(number);
  }
}

function devicesOf(extension: ExtensionConfig): readonly DirectoryDevice[] {
  const person = personOf(extension);
  const { line } = extension;
  const main: DirectoryDevice = {
    id: deviceId(extension.number),
    kind: 'extension',
    person,
    extension,
    user: authUserOf(extension),
    password: extension.password,
  };
  if (line === undefined) return [main];
  const soft = { id: deviceId(line.number), kind: 'line' as const, person, extension };
  return [main, { ...soft, user: line.authUser ?? line.number, password: line.password }];
}

export function authUserOf(extension: ExtensionConfig): string {
  return extension.authUser ?? extension.number;
}

export function personOf(entry: { readonly number: string; readonly name?: string | undefined }): Person {
  return entry.name === undefined ? { number: entry.number } : { number: entry.number, name: entry.name };
}

export function actOf(service: ServiceConfig): ServiceAct {
  switch (service.kind) {
    case 'busy':
      return { kind: 'refuse', status: 486 };
    case 'decline':
      return { kind: 'refuse', status: 603 };
    case 'no-answer':
      return { kind: 'ring_only', ringSeconds: service.ringSeconds };
    case 'echo':
    case 'tone':
    case 'digits':
    case 'announcement':
      return { kind: 'answer', sound: service.kind };
    default:
      return service.kind satisfies never;
  }
}
