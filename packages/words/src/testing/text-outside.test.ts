import { expect, it } from 'vitest';
import { textOutside } from './text-outside.ts';

it('finds text in markup and in what is spoken', () => {
  expect(textOutside('return <p>Hello there</p>;')).toEqual(['Hello there']);
  expect(textOutside('return <b className="x">Save {name}</b>;')).toEqual(['Save']);
  expect(textOutside('return <input aria-label="Your name" name="email" />;')).toEqual(['Your name']);
  expect(textOutside("return <p>{t('a.b')}</p>;")).toEqual([]);
  expect(textOutside('return <span><Kbd>Alt</Kbd> {key}</span>;')).toEqual([]);
});
