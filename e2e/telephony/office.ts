import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startApp } from '../src/app.ts';
import { Person, type Window } from '../src/person.ts';
import { PracticePbx } from '../src/practice-pbx.ts';
import { repository } from '../src/product.ts';
import { openSite, type Site } from '../src/site.ts';
import { attachTrace } from '../src/trace.ts';

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
export const bensMobile = '4915550102';
export const customer = '4930123456';

/** What the tenant tells of the practice PBX: what to dial for its features. */
const CODES = {
  voicemail: '500',
  forwardImmediate: '*21*{number}',
  forwardImmediateOff: '#21',
  forwardBusy: '*67*{number}',
  forwardBusyOff: '#67',
  forwardNoAnswer: '*61*{number}',
  forwardNoAnswerOff: '#61',
  doNotDisturb: '*25',
  doNotDisturbOff: '#25',
  park: '*70',
  unpark: '*7{number}',
  pickUp: '*8{number}',
  groupPickUp: '*8',
  callBack: '*37*{number}',
  conference: '700{number}',
};

const PASSWORD = 'open-sesame';
const extension = (number: string, name: string, more: object = {}) => ({
  number,
  name,
  password: PASSWORD,
  mailbox: {},
  ...more,
});

/**
 * Two people at browsers and the practice PBX. Anna (101) has a desk phone (101) and a mobile, Ben (102) has a browser alone;
 * Carla (201) and David (202, answers by himself) have desk phones, and a customer calls from outside.
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
  /** Seconds that Ben's extension and his forwarding on no answer ring. */
  readonly bensRingSeconds?: number;
  /** The PBX has no feature codes: the connector sees to the settings of those who have no desk phone. */
  readonly withoutCodes?: boolean;
}

/** Of the office that is open. What its PBX saw goes with every failure of a test file that imports this one. */
let pbxUrl: string | undefined;
attachTrace(() => pbxUrl);

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-office-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'exchange.json');
  writeFileSync(file, JSON.stringify(exchangeOf(options)));
  const app = await startApp('practice-pbx', {
    OFFHOOK_PBX_SIP_PORT: '0',
    OFFHOOK_PBX_HTTP_PORT: '0',
    OFFHOOK_PBX_CONFIG: file,
  });
  stack.defer(app.stop);
  pbxUrl = String(app.ready['url']);
  const pbx = new PracticePbx(pbxUrl);
  const port = Number(String(app.ready['sip']).split(':').at(-1));

  const site = stack.use(
    await openSite({
      pbx: {
        host: '127.0.0.1',
        port,
        transport: 'udp',
        codes: options.withoutCodes === true ? { voicemail: CODES.voicemail } : CODES,
        alternativeAfterSeconds: 2,
      },
      people: [
        {
          email: 'anna@test.example',
          name: 'Anna Berger',
          number: '101',
          sipPassword: PASSWORD,
          deskPhone: '101',
        },
        { email: 'ben@test.example', name: 'Ben Carter', number: '102', sipPassword: PASSWORD },
      ],
      webRoot: path.join(repository, 'apps', 'phone', 'dist'),
    }),
  );
  const [anna, ben] = await Promise.all([
    Person.at(site.url, 'anna@test.example', site.password, { tone: ANNA }),
    Person.at(site.url, 'ben@test.example', site.password, { tone: BEN }),
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
      await Promise.all(windows.map((window) => window.quiet()));
      await pbx.quiet();
      await Promise.all(windows.map((window) => window.quiet()));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function exchangeOf({ bensRingSeconds }: OfficeOptions): object {
  return {
    extensions: [
      extension('101', 'Anna Berger', { alternative: `+${mobile}` }),
      extension('102', 'Ben Carter', bensRingSeconds === undefined ? {} : { ringSeconds: bensRingSeconds }),
      extension('201', 'Carla Duval'),
      extension('202', 'David Engel'),
    ],
    phones: [
      { extension: '101', toneHz: ANNAS_DESK },
      { extension: '201', toneHz: CARLA },
      { extension: '202', toneHz: DAVID, autoAnswerMs: 0 },
    ],
    outside: [
      { number: `+${mobile}`, name: 'Anna’s mobile', toneHz: MOBILE },
      { number: `+${bensMobile}`, name: 'Ben’s mobile', toneHz: MOBILE },
      { number: `+${customer}`, name: 'A customer', toneHz: CUSTOMER },
    ],
    services: [
      { number: '600', kind: 'echo', name: 'Echo test' },
      { number: '604', kind: 'busy', name: 'Always busy' },
      { number: '605', kind: 'no-answer', name: 'Never answered', ringSeconds: 120 },
    ],
  };
}
