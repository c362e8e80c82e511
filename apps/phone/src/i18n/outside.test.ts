import { markupOf, textOutsideIn } from '@offhook/words/testing';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/* Every text that people read is in the catalogues: markup has none of its own. */

const folder = fileURLToPath(new URL('..', import.meta.url));

it.each(markupOf(folder))('%s has no text outside the catalogues', (file) => {
  expect(textOutsideIn(folder, file)).toEqual([]);
});
