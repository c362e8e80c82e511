import { expect, it } from 'vitest';
import { numberOfLink } from './telephone-link.ts';

it.each([
  ['tel:+49-30-1234567', '+49301234567'],
  ['TEL:(030)%20123.456', '030123456'],
  ['tel:201;phone-context=example.com', '201'],
  ['web+tel:*31%23', '*31#'],
  ['web+offhook://+34932201', '+34932201'],
  ['tel:', undefined],
  ['tel:%zz', undefined],
  ['tel:javascript', undefined],
  ['mailto:anna@example.com', undefined],
  [`tel:${'1'.repeat(200)}`, undefined],
])('[D2 RFC3966] %s means %s', (link, number) => {
  expect(numberOfLink(link)).toBe(number);
});
