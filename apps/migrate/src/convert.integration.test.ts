import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SubscriberFile, type Subscriber } from '@offhook/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exitCodes, run } from './cli.ts';

const samples = new URL('../samples/', import.meta.url).pathname;

async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'migrate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  let [out, err] = ['', ''];
  const call = async (...args: string[]) => {
    [out, err] = ['', ''];
    const code = await run(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      fetch: () => Promise.reject(new Error('nobody is asked')),
      random: () => 0,
      wait: async () => {},
    });
    return { code, out, err };
  };
  const path = (name: string) => join(folder, name);
  const file = async (name: string, content: string | object | Uint8Array) => {
    const isBytes = content instanceof Uint8Array || typeof content === 'string';
    await writeFile(path(name), isBytes ? content : JSON.stringify(content));
    return path(name);
  };
  const convert = async (input: string, mapping: string, platform = 'openscape-voice') =>
    call(
      'convert',
      '--platform',
      platform,
      '--in',
      input,
      '--mapping',
      mapping,
      '--out',
      path('out.json'),
      '--report',
      path('report.txt'),
    );
  const written = async () =>
    SubscriberFile.parse(JSON.parse(await readFile(path('out.json'), 'utf8'))).subscribers as Subscriber[];
  return { call, file, path, convert, written };
}

const mappingOf = (fields: object, more: object = {}) => ({
  format: 'offhook-migrate-mapping',
  version: 1,
  input: { kind: 'delimited' },
  fields,
  ...more,
});

test('the sample of OpenScape Voice, with a report of what was of no use', async () => {
  const { convert, written, path } = await bench();
  const { code, out } = await convert(
    `${samples}openscape-voice.csv`,
    `${samples}openscape-voice.mapping.json`,
  );
  expect(code).toBe(exitCodes.someUnused);
  expect(out).toContain('7 records read, 3 converted, 1 left out by the mapping, 3 of no use.');
  expect((await written()).map(({ email, number }) => [email, number])).toEqual([
    ['anna.berger@example.com', '498970071101'],
    ['juergen.weiss@example.com', '498970071102'],
    ['carla.diaz@example.com', '498970071103'],
  ]);
  const report = await readFile(path('report.txt'), 'utf8');
  expect(report).toContain('1 × number_invalid');
  expect(report).toContain('row 8, Service ID, “4,98970E+11”: number_invalid');
  expect(report).not.toContain('secret');
  // It holds passwords.
  expect((await stat(path('out.json'))).mode & 0o777).toBe(0o600);
});

test('the sample of OpenScape 4000', async () => {
  const { convert, written, path } = await bench();
  const { code } = await convert(
    `${samples}openscape-4000.xml`,
    `${samples}openscape-4000.mapping.json`,
    'openscape-4000',
  );
  expect(code).toBe(exitCodes.someUnused);
  expect(await written()).toEqual([
    {
      email: 'anna.berger@example.com',
      name: 'Anna Berger',
      number: '72101',
      mainNumber: '2101',
      deskPhone: '2101',
      authUser: '72101',
      alternativeNumber: '+491701234',
      password: 'a-made-up & secret',
    },
    {
      email: 'juergen.mueller@example.com',
      name: 'Jürgen Müller',
      number: '72102',
      mainNumber: '2102',
      deskPhone: '2102',
      authUser: '72102',
      password: 'other',
    },
  ]);
  expect(await readFile(path('report.txt'), 'utf8')).toContain(
    'row 4, person/mail, “carla.diaz at example.com”: email_invalid',
  );
});

test('delimited text of Windows with another delimiter; everything used is exit code 0', async () => {
  const { convert, written, file } = await bench();
  const bytes = Uint8Array.from(
    Array.from('Mail|Name\r\na@x.example|J\u00fcrgen\r\n', (c) => c.charCodeAt(0)),
  );
  const mapping = await file('m.json', mappingOf({ email: { column: 'mail' }, name: { column: 'NAME' } }));
  expect((await convert(await file('e.txt', bytes), mapping)).code).toBe(exitCodes.fine);
  expect(await written()).toEqual([{ email: 'a@x.example', name: 'Jürgen' }]);
});

test('50,000 subscribers of XML are converted within bounded memory', async () => {
  const { convert, written, file } = await bench();
  const people = Array.from({ length: 50_000 }, (_, n) => `<s><m>p${n}@x.example</m><n>P ${n}</n></s>`).join(
    '',
  );
  const fields = { email: { column: 'm' }, name: { column: 'n' } };
  const mapping = await file('m.json', mappingOf(fields, { input: { kind: 'xml', record: 's' } }));
  expect((await convert(await file('e.xml', `<all>${people}</all>`), mapping)).code).toBe(exitCodes.fine);
  expect(await written()).toHaveLength(50_000);
});

describe('wrong use is said in words with what to do, and writes nothing', () => {
  const email = { email: { column: 'Mail' }, name: { column: 'Name' } };
  test.each([
    [
      'no such column',
      'E-Mail;Name\na@x.example;A\n',
      mappingOf(email),
      'has no column “mail”. It has: “e-mail”, “name”',
    ],
    ['an empty file', '', mappingOf(email), 'is empty'],
    [
      'a quote that is missing',
      `Mail,Name\n"${'x,\n'.repeat(5_000)}`,
      mappingOf(email),
      'Is a quote missing',
    ],
    ['a mapping without an address', 'Mail\n', mappingOf({ name: { column: 'Mail' } }), 'email is needed'],
    ['a mapping that is none', 'Mail\n', 'x', 'is not JSON'],
    [
      'a template with a typing error',
      'Mail\n',
      mappingOf({ email: { template: '{Mail|upper}' } }),
      'with a filter of lower',
    ],
    [
      'a brace alone',
      'Mail\n',
      mappingOf({ email: { template: '{Mail' } }),
      'a brace without its other half',
    ],
  ])('%s', async (_what, input, mapping, words) => {
    const { convert, file, path } = await bench();
    const { code, err } = await convert(await file('e.csv', input), await file('m.json', mapping));
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(words);
    await expect(stat(path('out.json'))).rejects.toThrow(/ENOENT/u);
    await expect(stat(path('out.json.part'))).rejects.toThrow(/ENOENT/u);
  });

  const deep = `${'<a>'.repeat(70)}${'</a>'.repeat(70)}`;
  test.each([
    ['a document type', '<!DOCTYPE s [<!ENTITY x "y">]><s><Mail>&x;</Mail></s>', 'has a DOCTYPE'],
    ['entities of its own', '<all><s><Mail>&x;</Mail></s></all>', 'no well-formed XML'],
    ['half a document', '<all><s><Mail>a', 'no well-formed XML'],
    ['deep nesting', `<all>${deep}</all>`, 'more than 64 deep'],
    ['a long value', `<s><Mail>${'x'.repeat(5_000)}</Mail></s>`, 'longer than 4096'],
    ['no record', '<all/>', 'has no element <s>'],
    ['another element', '<s><E-Mail>a</E-Mail></s>', 'has “mail”, “name”. There are: “e-mail”'],
  ])('XML with %s', async (_what, input, words) => {
    const { convert, file } = await bench();
    const mapping = mappingOf(email, { input: { kind: 'xml', record: 's' } });
    const { code, err } = await convert(await file('e.xml', input), await file('m.json', mapping));
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(words);
  });

  test('arguments', async () => {
    const { call } = await bench();
    expect((await call()).err).toContain('Usage:');
    expect((await call('convert')).err).toContain('--platform, --in, --mapping, --out is missing');
    expect((await call('convert', '--key', 'x')).code).toBe(exitCodes.usage);
    const unknown = await call('convert', '--platform', 'x', '--in', 'a', '--mapping', 'b', '--out', 'c');
    expect(unknown.err).toContain('openscape-voice, openscape-4000');
  });
});
