import { describe, expect, it } from 'vitest';
import { amber, cobalt, dark, gray, leaf, signal } from './colors.ts';
import { contrast } from './contrast.ts';

const AA_TEXT = 4.5;
const AA_PARTS = 3;
const white = '#ffffff';

describe('[WCAG 2.2 1.4.3] text has a contrast of at least 4.5', () => {
  it.each([
    ['white on the accent', white, cobalt[6]],
    ['white on the accent, pressed', white, cobalt[7]],
    ['white on answer', white, leaf[6]],
    ['white on hang up', white, signal[6]],
    ['accent text on light surfaces', cobalt[7], gray[0]],
    ['accent text on its light tint', cobalt[7], cobalt[0]],
    ['green text on light surfaces', leaf[7], white],
    ['red text on light surfaces', signal[7], white],
    ['amber text on its light tint', amber[7], amber[0]],
    ['dimmed text on light surfaces', gray[6], gray[0]],
    ['accent text on dark surfaces', cobalt[3], dark[7]],
    ['green text on dark surfaces', leaf[3], dark[7]],
    ['red text on dark surfaces', signal[3], dark[7]],
    ['amber text on dark surfaces', amber[3], dark[7]],
    ['dimmed text on dark surfaces', dark[2], dark[6]],
  ])('%s', (_what, text, surface) => {
    expect(contrast(text ?? '', surface ?? '')).toBeGreaterThanOrEqual(AA_TEXT);
  });
});

describe('[WCAG 2.2 1.4.11] parts of controls have a contrast of at least 3', () => {
  it.each([
    ['focus ring on light surfaces', cobalt[6], gray[0]],
    ['focus ring on dark surfaces', cobalt[4], dark[8]],
  ])('%s', (_what, part, surface) => {
    expect(contrast(part ?? '', surface ?? '')).toBeGreaterThanOrEqual(AA_PARTS);
  });
});

it('[WCAG 2.2] black on white is 21, a colour on itself is 1', () => {
  expect(contrast('#000000', white)).toBeCloseTo(21, 5);
  expect(contrast(cobalt[6], cobalt[6])).toBe(1);
});
