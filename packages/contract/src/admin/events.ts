import * as z from 'zod';
import { ConnectorId } from '../ids.ts';
import { ConnectorState } from './connectors.ts';
import { Import } from './imports.ts';

/**
 * What events of `GET /api/admin/events` tell (server-sent events): `event` is the kind, `data` the rest as JSON. A stream ends with its session, and after some minutes
 * in any case; whoever comes back fetches everything anew, for what happened meanwhile is not told again. The same thing is told at most once in a second, as it is then.
 */
export const AdminEvent = z.discriminatedUnion('kind', [
  /** Came, went, changed; its running calls are in it. */
  z.object({ kind: z.literal('connector'), state: ConnectorState }),
  z.object({ kind: z.literal('connector.deleted'), connectorId: ConnectorId }),
  /** Its state or its progress. */
  z.object({ kind: z.literal('import'), import: Import }),
  z.object({ kind: z.literal('import.discarded'), importId: z.string() }),
  /** People, seats, the company's settings or the settings of a telephone system: what is shown of them is to be fetched anew. */
  z.object({ kind: z.literal('directory') }),
  /** The last event of a stream whose session is no more. */
  z.object({
    kind: z.literal('session.ended'),
    reason: z.enum(['signed_out', 'expired', 'revoked']),
  }),
  /** Nothing has changed, and the stream lives: every {@link ALIVE_EVERY} milliseconds. */
  z.object({ kind: z.literal('alive') }),
]);
export type AdminEvent = z.infer<typeof AdminEvent>;

export const ALIVE_EVERY = 15_000;
