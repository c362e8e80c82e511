import { expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import { parseRoutes } from './routes.ts';

test('[RFC3327-4] Path is a list of name-addrs, in order', () => {
  const message = withFields(
    ['Path', '<sip:p3.example;lr>, "x, y" <sips:p2.example;lr>;p=1'],
    ['Path', '<sip:p1.example;lr>'],
  );
  expect(parseRoutes(message, 'path')).toEqual([
    '<sip:p3.example;lr>',
    '"x, y" <sips:p2.example;lr>;p=1',
    '<sip:p1.example;lr>',
  ]);
  expect(parseRoutes(message, 'service-route')).toEqual([]);
});

test.each(['sip:p1.example;lr', '<tel:1>', '<sip:p1', '<sip:a>, nonsense', '<>'])(
  '[RFC3608-5] %j is no Service-Route',
  (value) => {
    expect(parseRoutes(withFields(['Service-Route', value]), 'service-route')).toBeUndefined();
  },
);

const hops = (count: number) =>
  withFields(...Array.from({ length: count }, () => ['Path', '<sip:p;lr>'] as const));

test('more hops than anybody goes are refused', () => {
  expect(parseRoutes(hops(20), 'path')).toHaveLength(20);
  expect(parseRoutes(hops(21), 'path')).toBeUndefined();
});
