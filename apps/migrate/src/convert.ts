import { access, constants, readFile } from 'node:fs/promises';
import type { ImportProblem, Subscriber } from '@offhook/contract';
import { checkSubscriber } from '@offhook/subscribers';
import * as z from 'zod';
import { compileMapping, InputError, Mapping } from './mapping.ts';
import { readDelimited } from './read-delimited.ts';
import { readXml } from './read-xml.ts';

/** A record that could not be used. */
export type Unused = {
  row: number;
  code: ImportProblem;
  column?: string | undefined;
  value?: string | undefined;
};

export type Conversion = {
  subscribers: AsyncIterable<Subscriber>;
  /** Complete when the subscribers have been read to their end. */
  report: { read: number; converted: number; leftOut: number; unused: Unused[]; unusedCount: number };
};

/** Problems that are listed one by one; the rest is only counted. */
const LISTED = 10_000;

/** @throws InputError */
export async function loadMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`The mapping ${path} cannot be read.`, { cause: error });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`The mapping ${path} is not JSON: ${String(error)}`, { cause: error });
  }
  const parsed = Mapping.safeParse(json);
  if (!parsed.success) throw new InputError(`The mapping ${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** @throws InputError */
export async function requireReadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw new InputError(`The export ${path} cannot be read.`, { cause: error });
  });
}

/** Turn an export into subscribers, one at a time. @throws InputError, also while they are read */
export function convert(input: string, mapping: Mapping): Conversion {
  const converter = compileMapping(mapping);
  const report: Conversion['report'] = { read: 0, converted: 0, leftOut: 0, unused: [], unusedCount: 0 };
  const records =
    mapping.input.kind === 'xml'
      ? readXml(input, mapping.input, converter.columns)
      : readDelimited(input, mapping.input, converter.columns);
  const emails = new Set<string>();
  const refuse = (problem: Unused) => {
    report.unusedCount += 1;
    if (report.unused.length < LISTED) report.unused.push(problem);
  };
  async function* subscribers(): AsyncGenerator<Subscriber> {
    for await (const record of records) {
      if ([...record.values.values()].every((value) => value.trim() === '')) continue;
      report.read += 1;
      const raw = converter.convert(record);
      if (raw === undefined) {
        report.leftOut += 1;
        continue;
      }
      const { subscriber, problem } = checkSubscriber(raw, converter.sourceOf);
      if (subscriber === undefined) refuse({ row: record.row, ...problem });
      else if (emails.has(subscriber.email)) {
        const column = converter.sourceOf('email');
        refuse({ row: record.row, code: 'email_twice', column, value: subscriber.email });
      } else {
        emails.add(subscriber.email);
        report.converted += 1;
        yield subscriber;
      }
    }
  }
  return { subscribers: subscribers(), report };
}

/** {@link SubscriberFile} in pieces: a subscriber a line. */
export async function* subscriberFile(
  source: string,
  subscribers: AsyncIterable<Subscriber>,
): AsyncGenerator<string> {
  yield `{"format":"offhook-subscribers","version":1,"source":${JSON.stringify(source)},"subscribers":[`;
  let before = '\n';
  for await (const subscriber of subscribers) {
    yield before + JSON.stringify(subscriber);
    before = ',\n';
  }
  yield '\n]}\n';
}
