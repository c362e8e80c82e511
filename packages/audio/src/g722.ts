import { G722Band, at, saturate } from './g722-band.ts';
import { IL_NEGATIVE, IL_POSITIVE, Q6, QM2, QM4, QM6, QMF } from './g722-tables.ts';

/**
 * G.722 at 64 kbit/s (mode 1): 16 kHz, 16-bit samples in pairs ⇄ one octet per pair, upper band in the two high bits.
 * Written from the block diagrams of ITU-T G.722 section 6; block names (QUANTL, INVQAL, …) are the Recommendation's.
 * An encoder or decoder is the state of one direction of one call.
 */
export class G722Encoder {
  readonly #low = new G722Band('low');
  readonly #high = new G722Band('high');
  /** The last 24 samples, oldest first. */
  readonly #history = new Int32Array(24);

  /** 16 kHz samples; an odd one at the end is left out. Half as many octets. */
  encode(samples: Int16Array): Uint8Array {
    const octets = new Uint8Array(samples.length >> 1);
    for (let index = 0; index < octets.length; index += 1) {
      octets[index] = this.#encodePair(at(samples, 2 * index), at(samples, 2 * index + 1));
    }
    return octets;
  }

  #encodePair(first: number, second: number): number {
    // Transmit QMF (section 3.1.1).
    const history = this.#history;
    history.copyWithin(0, 2);
    history[22] = first;
    history[23] = second;
    let odd = 0;
    let even = 0;
    for (let tap = 0; tap < 12; tap += 1) {
      odd += at(history, 2 * tap) * at(QMF, tap);
      even += at(history, 2 * tap + 1) * at(QMF, 11 - tap);
    }
    const lower = this.#encodeLow((even + odd) >> 14);
    const upper = this.#encodeHigh((even - odd) >> 14);
    return (upper << 6) | lower;
  }

  /** SUBTRA, QUANTL, INVQAL: a 6-bit codeword. */
  #encodeLow(sample: number): number {
    const band = this.#low;
    const difference = saturate(sample - band.prediction);
    const magnitude = difference >= 0 ? difference : -(difference + 1);
    let interval = 1;
    while (interval < 30 && magnitude >= (at(Q6, interval) * band.scale) >> 12) interval += 1;
    const code = at(difference < 0 ? IL_NEGATIVE : IL_POSITIVE, interval);
    // The predictor sees four bits only, so that a decoder that lost the lower two stays in step.
    band.adapt(code >> 2, (band.scale * at(QM4, code >> 2)) >> 15);
    return code;
  }

  /** SUBTRA, QUANTH, INVQAH: a 2-bit codeword. */
  #encodeHigh(sample: number): number {
    const band = this.#high;
    const difference = saturate(sample - band.prediction);
    const magnitude = difference >= 0 ? difference : -(difference + 1);
    const outer = magnitude >= (564 * band.scale) >> 12;
    const code = difference < 0 ? (outer ? 0 : 1) : outer ? 2 : 3;
    band.adapt(code, (band.scale * at(QM2, code)) >> 15);
    return code;
  }
}

export class G722Decoder {
  readonly #low = new G722Band('low');
  readonly #high = new G722Band('high');
  /** Sums and differences of the bands, newest last. */
  readonly #history = new Int32Array(24);

  /** Twice as many samples as octets, at 16 kHz. Any octets decode to something. */
  decode(octets: Uint8Array): Int16Array {
    const samples = new Int16Array(octets.length * 2);
    for (let index = 0; index < octets.length; index += 1)
      this.#decodeOctet(at(octets, index), samples, 2 * index);
    return samples;
  }

  #decodeOctet(octet: number, out: Int16Array, offset: number): void {
    const low = this.#low;
    const lowCode = octet & 0x3f;
    const lowSample = limitBand(low.prediction + ((low.scale * at(QM6, lowCode)) >> 15));
    low.adapt(lowCode >> 2, (low.scale * at(QM4, lowCode >> 2)) >> 15);

    const high = this.#high;
    const highCode = octet >> 6;
    const highDifference = (high.scale * at(QM2, highCode)) >> 15;
    const highSample = limitBand(high.prediction + highDifference);
    high.adapt(highCode, highDifference);

    // Receive QMF (section 4.4).
    const history = this.#history;
    history.copyWithin(0, 2);
    history[22] = lowSample + highSample;
    history[23] = lowSample - highSample;
    let first = 0;
    let second = 0;
    for (let tap = 0; tap < 12; tap += 1) {
      second += at(history, 2 * tap) * at(QMF, tap);
      first += at(history, 2 * tap + 1) * at(QMF, 11 - tap);
    }
    out[offset] = saturate(first >> 11);
    out[offset + 1] = saturate(second >> 11);
  }
}

/** LIMIT: a band's sample has 15 bits. */
function limitBand(value: number): number {
  return value > 16_383 ? 16_383 : value < -16_384 ? -16_384 : value;
}
