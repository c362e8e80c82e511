import { expect, it } from 'vitest';
import { stubOf } from './slim-zod.ts';

it('a stub has every name of the module, and tells whoever calls one', async () => {
  const source = [
    'export function first(a) {}',
    'export const second = () => 2;',
    'export { first as third };',
  ];
  const code = stubOf(source.join('\n'));
  const stub = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<
    string,
    () => void
  >;
  expect(Object.keys(stub)).toEqual(['first', 'second', 'third']);
  expect(() => stub['second']?.()).toThrow('JSON Schema');
});
