import { markupOf, textOutsideIn } from '@offhook/words/testing';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/* Every text that people read is in the catalogues: markup has none of its own. */

describe.each(['apps/admin/src', 'packages/sign-in/src'])('in %s', (path) => {
  const folder = fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

  it.each(markupOf(folder))('%s has no text outside the catalogues', (file) => {
    expect(textOutsideIn(folder, file)).toEqual([]);
  });
});
