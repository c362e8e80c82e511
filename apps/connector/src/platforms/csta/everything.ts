import { KNOWN_SERVICES, type KnownService } from './services/knowledge.ts';

/** The services that are tried at a platform that does not list its own, but for some. */
export const allServicesBut = (...services: readonly KnownService[]): readonly KnownService[] =>
  KNOWN_SERVICES.filter((service) => !services.includes(service));
