import type { FastifyRequest } from 'fastify';

/** Where the cloud is from outside: as it was told, or else as this request came in. */
export const originOf = (
  request: Pick<FastifyRequest, 'protocol' | 'host'>,
  publicOrigin: string | undefined,
): string => publicOrigin ?? `${request.protocol}://${request.host}`;

/**
 * What a person pastes in the product's folder on the machine beside the PBX. The key is not in it: the connector asks for it, so that neither the shell's
 * history nor the list of processes has it.
 */
export const startLine = (
  request: Pick<FastifyRequest, 'protocol' | 'host'>,
  publicOrigin: string | undefined,
): string => `npm run connector -- --cloud ${originOf(request, publicOrigin)}`;
