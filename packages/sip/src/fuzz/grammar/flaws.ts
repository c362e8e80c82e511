import type { Entropy } from '../entropy.ts';
import type { Draft } from './messages.ts';
import { METHODS } from './messages.ts';

type Flaw = (draft: Draft, entropy: Entropy) => void;

function change(draft: Draft, name: string, to: (value: string) => string): void {
  for (const field of draft.fields) if (field[0] === name) field[1] = to(field[1]);
}

const anyField = (draft: Draft, entropy: Entropy): [string, string] => entropy.pick(draft.fields);

/** One octet, or a few, that break what looked well. */
const POISON = [
  '"',
  '\\',
  '<',
  '>',
  ';',
  ',',
  ';;',
  '=',
  '%',
  '%zz',
  '@',
  '[',
  ']',
  '\0',
  '\r',
  '\n',
  '\u00ff',
  '\u00c3',
  '::',
];

/** What peers get wrong, one at a time: a message with one of these is almost valid. */
const FLAWS: readonly Flaw[] = [
  (draft, entropy) => {
    draft.fields.splice(entropy.integer(0, draft.fields.length - 1), 1);
  },
  (draft, entropy) => {
    const field = anyField(draft, entropy);
    draft.fields.push([field[0], field[1]]);
  },
  (draft, entropy) =>
    change(draft, 'CSeq', () => `${entropy.pick(['-1', '4294967296', '99999999999', 'x', ''])} INVITE`),
  (draft, entropy) => change(draft, 'CSeq', (value) => value.replace(/\S+$/, entropy.pick(METHODS))),
  (draft, entropy) =>
    change(draft, 'Content-Length', (value) =>
      entropy.pick([
        '-1',
        '',
        'x',
        '99999999999999',
        `${Number(value) + 1}`,
        `${Math.max(0, Number(value) - 1)}`,
        '1e3',
      ]),
    ),
  (draft, entropy) => {
    const field = anyField(draft, entropy);
    const at = entropy.integer(0, field[1].length);
    field[1] = field[1].slice(0, at) + entropy.pick(POISON) + field[1].slice(at);
  },
  (draft, entropy) => {
    const field = anyField(draft, entropy);
    field[0] = entropy.pick(['', ' ', 'A B', 'X:', 'X\u00ff', '\t', field[0] + entropy.pick(POISON)]);
  },
  (draft, entropy) => {
    const field = anyField(draft, entropy);
    field[1] = entropy.pick(['', ' ', ',', ',,', ';', '<>', '"', '*', '\\', '()']);
  },
  (draft, entropy) => {
    draft.startLine = entropy.pick([
      draft.startLine.replace('2.0', entropy.pick(['3.0', '7.0', '2', '2.00', '2.0 '])),
      draft.startLine.replaceAll(' ', '  '),
      draft.startLine.replace(' ', '\t'),
      draft.startLine.slice(0, entropy.integer(0, draft.startLine.length)),
      ` ${draft.startLine}`,
      '',
    ]);
  },
  (draft, entropy) => {
    const at = entropy.integer(0, draft.startLine.length);
    draft.startLine = draft.startLine.slice(0, at) + entropy.pick(POISON) + draft.startLine.slice(at);
  },
  // Beyond the limits: many fields, long values, deep lists.
  (draft, entropy) => {
    for (let count = entropy.pick([100, 130, 300]); count > 0; count -= 1)
      draft.fields.push(['X-Many', `${count}`]);
  },
  (draft, entropy) => {
    const field = anyField(draft, entropy);
    field[1] += entropy
      .pick(['a', ';a=b', ', ', ';', '"', '\\', '%41', ' ', '<', '[', ':'])
      .repeat(entropy.pick([100, 3_000, 9_000]));
  },
  (draft, entropy) => {
    draft.body += entropy
      .pick(['x', '\r\n', 'a=b\r\n', 'm=audio 1 RTP/AVP 0\r\n'])
      .repeat(entropy.pick([10, 1_000]));
  },
];

/** Breaks a draft in one place, seldom in several. */
export function addFlaws(entropy: Entropy, draft: Draft): void {
  const count = entropy.chance(0.8) ? 1 : entropy.integer(2, 4);
  for (let flaw = 0; flaw < count && draft.fields.length > 0; flaw += 1) entropy.pick(FLAWS)(draft, entropy);
}
