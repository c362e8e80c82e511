import { expect, it } from 'vitest';
import { opinionOf, ratingR } from './e-model.ts';

/* ITU-T G.107: known points of the curves. */

const r = (oneWayMs: number, loss: number, codec = 'PCMA') => ratingR({ oneWayMs, loss, codec });

it('[G.107] nothing is taken off without loss up to 100 ms', () => {
  expect(r(20, 0)).toBe(93.2);
  expect(r(100, 0)).toBe(93.2);
});

it('[G.107-7.4] delay costs little until 150 ms and much beyond 300', () => {
  expect(93.2 - r(150, 0)).toBeLessThan(1);
  expect(93.2 - r(200, 0)).toBeCloseTo(2.9, 0);
  expect(93.2 - r(400, 0)).toBeCloseTo(24, 0);
});

it('[G.107-7.5] loss costs as the codec conceals it', () => {
  expect(93.2 - r(50, 5)).toBeCloseTo((95 * 5) / (5 + 25.1), 6);
  expect(93.2 - r(50, 0, 'G729')).toBeCloseTo(11, 6);
});

it('[G.107-B] opinions', () => {
  expect(opinionOf(93.2)).toBeCloseTo(4.41, 2);
  expect(opinionOf(50)).toBeCloseTo(2.58, 1);
  expect(opinionOf(0)).toBe(1);
});
