import { ILB, RH2, RL42, WH, WL } from './g722-tables.ts';

/** Typed arrays are read inside their bounds here; the zero is for the type checker. */
export function at(array: Int32Array | Int16Array | Uint8Array, index: number): number {
  return array[index] ?? 0;
}

/** 16-bit saturation, as every addition in the Recommendation has it. */
export function saturate(value: number): number {
  return value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value;
}

/**
 * The adaptive part that encoder and decoder share, for one of the two bands: the quantiser's scale (sections
 * 3.5 and 3.6, blocks LOGSCL/SCALEL and LOGSCH/SCALEH) and the predictor with two poles and six zeros (section 3.6,
 * block 4). Both sides feed it with the same codewords and so stay in step.
 */
export class G722Band {
  readonly #isLow: boolean;
  /** Logarithmic scale factor ∇. */
  #logScale = 0;
  /** Linear scale factor Δ. */
  #scale: number;
  /** Predicted sample: poles plus zeros. */
  #prediction = 0;
  #zeroPrediction = 0;
  /** Reconstructed samples of the last two steps, newest first. */
  readonly #reconstructed = new Int32Array(2);
  /** Signs (0 or −1) of the partially reconstructed samples of the last two steps, newest first. */
  readonly #partialSigns = new Int32Array(2);
  readonly #poles = new Int32Array(2);
  readonly #zeros = new Int32Array(6);
  /** Quantised differences of the last six steps, newest first. */
  readonly #differences = new Int32Array(6);

  constructor(band: 'low' | 'high') {
    this.#isLow = band === 'low';
    this.#scale = this.#isLow ? 32 : 8;
  }

  get scale(): number {
    return this.#scale;
  }

  get prediction(): number {
    return this.#prediction;
  }

  /** `code`: 4 bits of the lower or 2 of the upper band; `difference`: its inverse-quantised value. */
  adapt(code: number, difference: number): void {
    this.#adaptScale(code);
    this.#adaptPredictor(difference);
    this.#predict();
  }

  #adaptScale(code: number): void {
    const step = this.#isLow ? at(WL, at(RL42, code)) : at(WH, at(RH2, code));
    const highest = this.#isLow ? 18_432 : 22_528;
    const log = ((this.#logScale * 127) >> 7) + step;
    this.#logScale = log < 0 ? 0 : log > highest ? highest : log;
    const mantissa = at(ILB, (this.#logScale >> 6) & 31);
    const shift = (this.#isLow ? 8 : 10) - (this.#logScale >> 11);
    this.#scale = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
  }

  #adaptPredictor(difference: number): void {
    // RECONS, PARREC.
    const reconstructed = saturate(this.#prediction + difference);
    const sign = saturate(this.#zeroPrediction + difference) >> 15;
    const sameAsLast = sign === at(this.#partialSigns, 0);
    const sameAsBefore = sign === at(this.#partialSigns, 1);

    // UPPOL2, UPPOL1.
    const [pole1, pole2] = [at(this.#poles, 0), at(this.#poles, 1)];
    const scaled = saturate(pole1 << 2);
    const towards = Math.min(sameAsLast ? -scaled : scaled, 32_767) >> 7;
    const next2 = clamp(towards + (sameAsBefore ? 128 : -128) + ((pole2 * 32_512) >> 15), 12_288);
    const next1 = saturate((sameAsLast ? 192 : -192) + ((pole1 * 32_640) >> 15));
    this.#poles[1] = next2;
    this.#poles[0] = clamp(next1, saturate(15_360 - next2));

    // UPZERO.
    const gain = difference === 0 ? 0 : 128;
    const differenceSign = difference >> 15;
    for (let tap = 0; tap < 6; tap += 1) {
      const move = at(this.#differences, tap) >> 15 === differenceSign ? gain : -gain;
      this.#zeros[tap] = saturate(move + ((at(this.#zeros, tap) * 32_640) >> 15));
    }

    // DELAYA.
    this.#differences.copyWithin(1, 0, 5);
    this.#differences[0] = difference;
    this.#reconstructed[1] = at(this.#reconstructed, 0);
    this.#reconstructed[0] = reconstructed;
    this.#partialSigns[1] = at(this.#partialSigns, 0);
    this.#partialSigns[0] = sign;
  }

  /** FILTEP, FILTEZ, PREDIC. */
  #predict(): void {
    let poles = 0;
    for (let tap = 0; tap < 2; tap += 1) {
      poles += (at(this.#poles, tap) * saturate(2 * at(this.#reconstructed, tap))) >> 15;
    }
    let zeros = 0;
    for (let tap = 0; tap < 6; tap += 1) {
      zeros += (at(this.#zeros, tap) * saturate(2 * at(this.#differences, tap))) >> 15;
    }
    this.#zeroPrediction = saturate(zeros);
    this.#prediction = saturate(saturate(poles) + this.#zeroPrediction);
  }
}

function clamp(value: number, limit: number): number {
  return value > limit ? limit : value < -limit ? -limit : value;
}
