import { randomInt } from 'node:crypto';

/** Short words that are hard to mistake for each other when read aloud. 128 of them: 7 bits each. */
export const words = `
acorn amber anchor apple arrow autumn badge bamboo banjo barley basil beacon berry birch bison blanket
bottle bramble bread bridge bronze bucket butter cabin cactus camel candle canyon carbon cedar cherry cider
clover cobalt copper coral cotton cricket crystal dahlia desert dolphin donkey eagle ember fabric falcon feather
fennel fiddle flint forest fossil garden garlic ginger glacier granite guitar hammer harbor hazel helmet hermit
honey island ivory jacket jasmine jigsaw jungle kettle kitten ladder lantern lemon lizard magnet maple marble
meadow melon mirror mitten monkey muffin mustard nectar needle nutmeg oasis olive onion orange orchid otter
paddle pepper pickle pigeon planet pocket pumpkin puzzle rabbit radish ribbon river rocket saddle salmon
sandal silver spider spruce summer thistle timber tomato tulip velvet violet walnut willow
winter yellow zebra zigzag
`
  .trim()
  .split(/\s+/u);

/** A password that can be read from a terminal and typed: four words and two digits, about 35 bits. */
export function readablePassword(): string {
  const picked = Array.from({ length: 4 }, () => words[randomInt(words.length)] ?? '');
  return `${picked.join('-')}-${randomInt(10, 100)}`;
}
