import * as z from 'zod';
import { CallRecord, type EndCause } from '../calls.ts';
import { RecordId } from '../ids.ts';
import { Limits } from '../limits.ts';

/** One call of a person, whatever devices it rang at and went over, with what the person wrote beside it. */
export const HistoryEntry = CallRecord.omit({ userId: true, foundRunning: true }).extend({
  note: z.string().max(Limits.noteChars).optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const HistoryKind = z.enum(['missed', 'incoming', 'outgoing']);
export type HistoryKind = z.infer<typeof HistoryKind>;

/** Somebody dealt with the call although this user did not talk. The database has the same list, in the column `missed`. */
const settledCauses: readonly EndCause[] = [
  'answered_elsewhere',
  'declined',
  'deflected',
  'transferred',
  'joined',
  'parked',
];

/** An incoming call that ended so was missed: it rang, and nobody of this person took it, refused it or sent it on, on any device. */
export const isMissed = ({
  answeredAt,
  cause,
}: {
  readonly answeredAt?: number | undefined;
  readonly cause: EndCause;
}): boolean => answeredAt === undefined && !settledCauses.includes(cause);

export function historyKindOf({
  direction,
  answeredAt,
  cause,
}: Pick<CallRecord, 'direction' | 'answeredAt' | 'cause'>): HistoryKind {
  if (direction === 'outgoing') return 'outgoing';
  return isMissed({ answeredAt, cause }) ? 'missed' : 'incoming';
}

/** `incoming`: all that came in, the missed ones among them. */
export const HistoryFilter = z.enum(['all', 'missed', 'incoming', 'outgoing']);
export type HistoryFilter = z.infer<typeof HistoryFilter>;

/** PostgreSQL keeps no text with U+0000. */
const isStorable = (text: string): boolean => !text.includes('\0');

/** `GET /api/history`: newest first. */
export const HistoryQuery = z.object({
  /** The `recordId` of the last entry that the client has. */
  before: RecordId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  filter: HistoryFilter.default('all'),
  /** Words of name, number and note, each of which must be found; or a number, however it is written. */
  search: z.string().max(Limits.searchChars).refine(isStorable).default(''),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;
export const HistoryPage = z.object({ entries: z.array(HistoryEntry), more: z.boolean() });
export type HistoryPage = z.infer<typeof HistoryPage>;

/** `GET /api/history/missed`, `POST /api/history/seen`: missed calls that nobody has looked at. */
export const MissedCount = z.object({ count: z.number().int().nonnegative() });
export type MissedCount = z.infer<typeof MissedCount>;

/** `PATCH /api/history/{recordId}`. An empty note is none. A deleted entry can be brought back for a day. */
export const HistoryChange = z
  .object({ note: z.string().trim().max(Limits.noteChars).refine(isStorable), deleted: z.boolean() })
  .partial();
export type HistoryChange = z.infer<typeof HistoryChange>;

/** `GET /api/history/export`. */
export const HistoryExportQuery = z.object({
  /** An IANA name such as `Europe/Berlin`, for the columns in local time. */
  timeZone: z.string().min(1).max(64).default('UTC'),
});
export type HistoryExportQuery = z.infer<typeof HistoryExportQuery>;
