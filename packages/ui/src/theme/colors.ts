import type { MantineColorsTuple } from '@mantine/core';

/** The one accent: a calm cobalt. Shade 6 carries white text with AA contrast. */
export const cobalt: MantineColorsTuple = [
  '#eef4ff',
  '#dce8ff',
  '#bdd3fe',
  '#92b6fc',
  '#6493f7',
  '#3f73ef',
  '#2458df',
  '#1c48c0',
  '#1a3d9b',
  '#18347a',
];

/** Answer, connected. */
export const leaf: MantineColorsTuple = [
  '#ecfbf3',
  '#d4f5e3',
  '#a8eac8',
  '#74d9a8',
  '#42c187',
  '#1fa56b',
  '#0f8454',
  '#0c6d47',
  '#0b573a',
  '#094731',
];

/** Hang up, missed, broken. */
export const signal: MantineColorsTuple = [
  '#fff1f0',
  '#ffe0de',
  '#ffc4c0',
  '#ff9a94',
  '#fb6c64',
  '#ee4a41',
  '#d42f27',
  '#b2231d',
  '#92201b',
  '#791f1b',
];

/** On hold, waiting, attention. */
export const amber: MantineColorsTuple = [
  '#fff8eb',
  '#feeecb',
  '#fddc93',
  '#fbc35a',
  '#f5a623',
  '#d98a0b',
  '#a96405',
  '#8a4f08',
  '#713f0d',
  '#5e350f',
];

/** Neutral greys with a breath of blue, light to dark. */
export const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e4e7ec',
  '#d3d8e0',
  '#b4bcc8',
  '#8b95a5',
  '#626c7c',
  '#475060',
  '#2d3441',
  '#191e28',
];

/** The dark scheme's surfaces: text first, deepest last. */
export const dark: MantineColorsTuple = [
  '#e7eaf0',
  '#c6ccd7',
  '#9ea7b6',
  '#737d8e',
  '#465061',
  '#343c4a',
  '#262d39',
  '#1a1f29',
  '#12161e',
  '#0b0e14',
];
