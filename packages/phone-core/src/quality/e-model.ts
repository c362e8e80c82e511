import type { Percent } from './measures.ts';

/**
 * The E-model of ITU-T G.107 (06/2015) with its defaults for everything that a phone cannot know (rooms, loudness, echo, talkers).
 * Narrowband in every case, so that one number compares calls of all codecs: a wideband call sounds better than it says.
 *
 *     R = 93.2 − Idd − Ie,eff        Ro − Is with the defaults of table 3 is 93.2; A is 0
 */
export interface EModelInputs {
  /** Milliseconds from mouth to ear as far as this phone sees the way: half a round trip, the jitter buffer, one packet. */
  readonly oneWayMs: number;
  /** What was lost of the packets, at random (BurstR = 1). */
  readonly loss: Percent;
  readonly codec: string | undefined;
}

const R_DEFAULT = 93.2;

/** One packet of 20 ms has to be filled before it can be sent. */
export const PACKET_MS = 20;

/**
 * Impairment and robustness of the codecs, `Ie` and `Bpl` (ITU-T G.113 appendix I): G.711 with concealment of losses, as every browser
 * has. Opus and G.722 have no narrowband figures there and are counted like it; G.729A has 11 and 19.
 */
const codecs: Readonly<Record<string, { readonly ie: number; readonly bpl: number }>> = {
  g729: { ie: 11, bpl: 19 },
};
const concealing = { ie: 0, bpl: 25.1 };

/** The transmission rating, 0 to 93.2. */
export function ratingR({ oneWayMs, loss, codec }: EModelInputs): number {
  const { ie, bpl } = codecs[(codec ?? '').toLowerCase()] ?? concealing;
  const ieEff = ie + (95 - ie) * (loss / (loss + bpl));
  return Math.max(0, Math.min(R_DEFAULT, R_DEFAULT - delayImpairment(oneWayMs) - ieEff));
}

/** Idd, G.107 section 7.4: what a delay costs with an echo that is cancelled. Nothing up to 100 ms. */
function delayImpairment(ms: number): number {
  if (ms <= 100) return 0;
  const x = Math.log2(ms / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** The mean opinion that people would have of it, 1 to 4.5 (G.107 annex B). */
export function opinionOf(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}
