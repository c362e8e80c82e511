import * as z from 'zod';
import { CallId, ReportId } from '../ids.ts';
import { Millis } from '../admin/common.ts';

/* How a call sounded at one window, told once when it is over there, and what the person thought of it. */

/** Longest stretch that one report covers, in seconds: a week. */
const LONGEST_S = 7 * 86_400;

const spread = (max: number) =>
  z.object({ mean: z.number().min(0).max(max), worst: z.number().min(0).max(max) });

/** Milliseconds; more than a minute says no more than that it did not work. */
const Delays = spread(60_000);
/** Percent. */
const Shares = spread(100);

/** See `packages/phone-core/src/quality/verdict.ts`. */
export const QualityTrouble = z.enum([
  'nothing_arrives',
  'microphone_silent',
  'gaps_up',
  'gaps_down',
  'delay',
  'nothing_heard',
]);
export type QualityTrouble = z.infer<typeof QualityTrouble>;

/** The way of the voice between browser and connector. */
export const MediaPath = z.object({
  kind: z.enum(['direct', 'relayed']),
  /** Of a relayed path: how the browser reaches the relay. */
  protocol: z.enum(['udp', 'tcp', 'tls']),
});
export type MediaPath = z.infer<typeof MediaPath>;

export const QualitySummary = z.object({
  /** While it was measured: talking, not on hold. */
  seconds: z.number().int().min(0).max(LONGEST_S),
  roundTripMs: Delays.optional(),
  jitterMs: Delays.optional(),
  lossUp: Shares.optional(),
  lossDown: Shares.optional(),
  concealed: Shares.optional(),
  /** R of the E-model (ITU-T G.107), `worst` being the lowest. */
  estimate: spread(100).optional(),
  codec: z.string().max(32).optional(),
  path: MediaPath.optional(),
  /** Seconds for which the person was told of each. */
  troubles: z.partialRecord(QualityTrouble, z.number().int().min(0).max(LONGEST_S)),
});
export type QualitySummary = z.infer<typeof QualitySummary>;

/** `POST /api/call-quality` → {@link QualityReceipt}. Told twice it is kept once. */
export const QualityReport = z.object({
  reportId: ReportId,
  callId: CallId,
  endedAt: Millis,
  summary: QualitySummary,
  /** The phone would like to ask what the person thinks of this call. */
  wouldAsk: z.boolean(),
});
export type QualityReport = z.infer<typeof QualityReport>;

/** `ask`: this person has not been asked for a day, on any device, and is being asked now. */
export const QualityReceipt = z.object({ ask: z.boolean() });
export type QualityReceipt = z.infer<typeof QualityReceipt>;

export const RatingReason = z.enum(['gaps', 'delay', 'noise', 'echo', 'quiet', 'one_way', 'dropped']);
export type RatingReason = z.infer<typeof RatingReason>;

/** `POST /api/call-quality/rating` → 204; 404 where the report is not this person's. The last one counts. */
export const CallRating = z.object({
  reportId: ReportId,
  /** 1 bad, 5 very good. */
  stars: z.number().int().min(1).max(5),
  reasons: z.array(RatingReason).max(RatingReason.options.length),
});
export type CallRating = z.infer<typeof CallRating>;
