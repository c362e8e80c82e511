import type { Person, Service } from '../calls/types.ts';
import type { ExchangeConfig, ExtensionConfig, ServiceConfig } from './exchange.ts';

/** What a service number does: answers with something, or never does. */
export type ServiceAct =
  | { readonly kind: 'answer'; readonly service: Service }
  | { readonly kind: 'refuse'; readonly status: 486 | 603 }
  | { readonly kind: 'ring_only'; readonly ringSeconds: number };

/** The numbers of the PBX and who may use them. */
export class Directory {
  readonly extensions: readonly ExtensionConfig[];
  readonly services: readonly ServiceConfig[];
  readonly #byNumber: ReadonlyMap<string, ExtensionConfig>;
  readonly #byUser: ReadonlyMap<string, ExtensionConfig>;
  readonly #services: ReadonlyMap<string, ServiceConfig>;

  constructor(config: Pick<ExchangeConfig, 'extensions' | 'services'>) {
    this.extensions = config.extensions;
    this.services = config.services;
    this.#byNumber = new Map(config.extensions.map((extension) => [extension.number, extension]));
    this.#byUser = new Map(config.extensions.map((extension) => [authUserOf(extension), extension]));
    this.#services = new Map(config.services.map((service) => [service.number, service]));
  }

  extension(number: string): ExtensionConfig | undefined {
    return this.#byNumber.get(number);
  }

  /** By the user name of digest authentication. */
  user(authUser: string): ExtensionConfig | undefined {
    return this.#byUser.get(authUser);
  }

  service(number: string): ServiceConfig | undefined {
    return this.#services.get(number);
  }
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
      return { kind: 'answer', service: service.kind };
    default:
      return service.kind satisfies never;
  }
}
