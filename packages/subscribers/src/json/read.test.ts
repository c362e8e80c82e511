import { SeededRandom } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { JsonFileError, JsonReader } from './read.ts';

const fileOf = (subscribers: unknown[], overrides: object = {}) => ({
  format: 'offhook-subscribers',
  version: 1,
  source: 'a test',
  subscribers,
  ...overrides,
});

function readAll(text: string, random?: SeededRandom) {
  const reader = new JsonReader();
  const elements = [];
  for (let from = 0; from < text.length;) {
    const to = random === undefined ? text.length : Math.min(text.length, from + random.integer(1, 30));
    elements.push(...reader.push(text.slice(from, to)));
    from = to;
  }
  return { elements, ...reader.end() };
}

function faultOf(text: string) {
  try {
    readAll(text);
    return undefined;
  } catch (error) {
    return error instanceof JsonFileError ? error.fault : error;
  }
}

test.each([1, 2, 3, 4])('seed %i: what JSON.stringify writes is read, in pieces', (seed) => {
  const random = new SeededRandom(seed);
  const strings = ['', 'a', '"', '\\', '\\"', '[', ']', '{', '}', ',', '"subscribers":[', 'ä', '\n'];
  const string = () => Array.from({ length: random.integer(0, 6) }, () => random.pick(strings)).join('');
  for (let round = 0; round < 100; round += 1) {
    const list = Array.from({ length: random.integer(0, 6) }, () =>
      random.pick([
        () => string(),
        () => ({ [string()]: [string(), { x: string() }] }),
        () => [1, [2]],
        () => null,
      ])(),
    );
    const text = JSON.stringify(fileOf(list), null, random.pick([0, 2]));
    const { elements, source } = readAll(text, random);
    expect(elements).toEqual(list.map((element, index) => ({ row: index + 1, element })));
    expect(source).toBe('a test');
  }
});

test('the order of the keys does not matter, nor do keys that are not known', () => {
  const text = '{"subscribers":[{"a":1}],"more":[1,{"x":[]}],"version":1,"format":"offhook-subscribers"}';
  expect(readAll(text).elements).toEqual([{ row: 1, element: { a: 1 } }]);
});

describe('of no use', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', 'E-Mail;Name'],
    ['another format', '{"format":"x","version":1,"subscribers":[]}'],
    ['no list', '{"format":"offhook-subscribers","version":1}'],
    ['a list alone', '[{"email":"a@x.example"}]'],
    ['an end too early', JSON.stringify(fileOf([{ a: 1 }])).slice(0, -3)],
    ['two lists', '{"format":"offhook-subscribers","version":1,"subscribers":[1],"subscribers":[2]}'],
    ['an element that is none', '{"format":"offhook-subscribers","version":1,"subscribers":[{a}]}'],
    ['an empty element', '{"format":"offhook-subscribers","version":1,"subscribers":[1,]}'],
    ['much around the list', JSON.stringify(fileOf([], { more: 'x'.repeat(20_000) }))],
  ])('%s', (_what, text) => {
    expect(faultOf(text)).toBe('unreadable');
  });

  test('a later version is told apart', () => {
    expect(faultOf(JSON.stringify(fileOf([], { version: 2 })))).toBe('version_unknown');
  });

  test('brackets without end are a fault, and no memory', () => {
    expect(faultOf('['.repeat(100_000))).toBe('unreadable');
    expect(faultOf('{'.repeat(100_000))).toBe('unreadable');
  });
});

test('an element beyond its limit is dropped alone', () => {
  const { elements } = readAll(JSON.stringify(fileOf([{ a: 'x'.repeat(70_000) }, { b: 1 }])));
  expect(elements).toEqual([
    { row: 1, element: undefined },
    { row: 2, element: { b: 1 } },
  ]);
});
