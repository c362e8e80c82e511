import { guessMapping } from '@offhook/subscribers';
import { expect, it } from 'vitest';
import { templateCsv } from './template.ts';

it('every heading of the template is known to the import', () => {
  const [headings = ''] = templateCsv().replace('\ufeff', '').split('\r\n');
  const { columns } = guessMapping(headings.split(','), []);
  expect(columns).toEqual([
    'email',
    'firstName',
    'lastName',
    'number',
    'password',
    'shortNumber',
    'deskPhone',
    'alternativeNumber',
    'language',
  ]);
});
