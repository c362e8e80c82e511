import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PlatformKind } from '@offhook/contract';
import { startApp } from '../src/app.ts';
import { Person, type Window } from '../src/person.ts';
import { PracticePbx } from '../src/practice-pbx.ts';
import { repository } from '../src/product.ts';
import { openSite, type Site } from '../src/site.ts';

/** Voices, in Hz: those of the two people at browsers, and those of telephones that the PBX plays. */
export const ANNA = 1_000;
export const BEN = 700;
export const ANNAS_DESK = 440;
export const CARLA = 550;
export const DAVID = 660;
export const MOBILE = 770;
export const CUSTOMER = 880;

/** Ids of the outside telephones in the PBX's API; their numbers have a plus before it. */
export const mobile = '4915550101';
export const customer = '4930123456';

export type OpenScape = Exclude<PlatformKind, 'generic-sip'>;

const PASSWORD = 'open-sesame';
const VOICEMAIL = '500';

/**
 * Two people at browsers and a practice PBX that is an OpenScape, with its control link. Anna (101, line 5101) has a desk phone
 * and a mobile, Ben (102, line 5102) has a desk phone; Carla (201) and David (202, answers by himself) have desk phones alone, and
 * a customer calls from outside.
 */
export interface Office extends AsyncDisposable {
  readonly site: Site;
  readonly pbx: PracticePbx;
  readonly anna: Person;
  readonly ben: Person;
  /** Between two tests: no call anywhere, and these windows as they were. */
  rest(...windows: readonly Window[]): Promise<void>;
}

export interface OfficeOptions {
  readonly platform?: OpenScape;
  /** The mobile answers by itself after so many milliseconds. */
  readonly mobileAnswersMs?: number;
}

export async function openOffice({
  platform = 'openscape-voice',
  mobileAnswersMs,
}: OfficeOptions = {}): Promise<Office> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-cti-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'exchange.json');
  writeFileSync(file, JSON.stringify(exchangeOf(platform, mobileAnswersMs)));
  const app = await startApp('practice-pbx', {
    OFFHOOK_PBX_SIP_PORT: '0',
    OFFHOOK_PBX_HTTP_PORT: '0',
    OFFHOOK_PBX_CSTA_PORT: '0',
    OFFHOOK_PBX_CONFIG: file,
  });
  stack.defer(app.stop);
  const pbx = new PracticePbx(String(app.ready['url']));

  const site = stack.use(
    await openSite({
      pbx: {
        kind: platform,
        host: '127.0.0.1',
        port: portOf(app.ready['sip']),
        transport: 'udp',
        csta: { port: portOf(app.ready['csta']), transport: 'tcp' },
        codes: { voicemail: VOICEMAIL, voicemailTarget: VOICEMAIL, park: '*70', unpark: '*7{number}' },
        alternativeAfterSeconds: 2,
      },
      people: [
        { email: 'anna@test.example', name: 'Anna Berger', number: '5101', mainNumber: '101' },
        { email: 'ben@test.example', name: 'Ben Carter', number: '5102', mainNumber: '102' },
      ].map((person) => ({ ...person, sipPassword: PASSWORD })),
      webRoot: path.join(repository, 'apps', 'phone', 'dist'),
    }),
  );
  const [anna, ben] = await Promise.all([
    Person.at(site.url, 'anna@test.example', site.password, { tone: ANNA }),
    Person.at(site.url, 'ben@test.example', site.password, { tone: BEN }),
    pbx.expectControlled(),
  ]);
  stack.use(anna);
  stack.use(ben);
  const opened = stack.move();
  return {
    site,
    pbx,
    anna,
    ben,
    rest: async (...windows) => {
      // What is at telephones alone no window can end.
      await pbx.hangUpAll();
      await Promise.all(windows.map((window) => window.quiet()));
      await pbx.quiet();
      await Promise.all(windows.map((window) => window.quiet()));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const portOf = (address: unknown): number => Number(String(address).split(':').at(-1));

function exchangeOf(platform: OpenScape, mobileAnswersMs: number | undefined): object {
  const extension = (number: string, name: string, more: object = {}) => ({
    number,
    name,
    password: PASSWORD,
    mailbox: {},
    ...more,
  });
  return {
    platform,
    extensions: [
      extension('101', 'Anna Berger', {
        line: { number: '5101', password: PASSWORD },
        alternative: `+${mobile}`,
      }),
      extension('102', 'Ben Carter', { line: { number: '5102', password: PASSWORD } }),
      extension('201', 'Carla Duval'),
      extension('202', 'David Engel'),
    ],
    phones: [
      { extension: '101', toneHz: ANNAS_DESK },
      { extension: '102', toneHz: 500 },
      { extension: '201', toneHz: CARLA },
      { extension: '202', toneHz: DAVID, autoAnswerMs: 0 },
    ],
    outside: [
      {
        number: `+${mobile}`,
        name: 'Anna’s mobile',
        toneHz: MOBILE,
        ...(mobileAnswersMs === undefined ? {} : { autoAnswerMs: mobileAnswersMs }),
      },
      { number: `+${customer}`, name: 'A customer', toneHz: CUSTOMER },
    ],
    services: [
      { number: '600', kind: 'echo', name: 'Echo test' },
      { number: '605', kind: 'no-answer', name: 'Never answered', ringSeconds: 120 },
    ],
  };
}
