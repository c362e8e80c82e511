import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startApp } from './app.ts';
import { Person, type Window } from './person.ts';
import { PracticePbx } from './practice-pbx.ts';
import { repository } from './product.ts';
import { openSite, type Site, type SiteOptions } from './site.ts';
import { attachTrace } from './trace.ts';

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

export const PASSWORD = 'open-sesame';

/** An extension of the practice PBX's configuration. */
export const extension = (number: string, name: string, more: object = {}) => ({
  number,
  name,
  password: PASSWORD,
  mailbox: {},
  ...more,
});

/** Two people at browsers, before a practice PBX. */
export interface Office extends AsyncDisposable {
  readonly site: Site;
  readonly pbx: PracticePbx;
  readonly anna: Person;
  readonly ben: Person;
  /** Between two tests: no call anywhere, and these windows as they were. */
  rest(...windows: readonly Window[]): Promise<void>;
}

export interface PracticeOfficeOptions {
  /** The practice PBX's configuration. */
  readonly world: object;
  /** How the connector is attached to it, at these ports; and the lines of Anna and Ben, in this order. */
  readonly pbx: (ports: {
    readonly sip: number;
    readonly csta: number;
  }) => Omit<SiteOptions['pbx'], 'host' | 'transport'>;
  readonly lines: readonly [anna: Line, ben: Line];
  /** What else has to be there before the first test. */
  readonly ready?: (pbx: PracticePbx) => Promise<void>;
  /** Ends what no window can end. */
  readonly hangUp?: (pbx: PracticePbx) => Promise<void>;
}

type Line = Omit<SiteOptions['people'][number], 'email' | 'name' | 'sipPassword'>;

/** Of the office that is open. What its PBX saw goes with every failure of a test file that imports this one. */
let pbxUrl: string | undefined;
attachTrace(() => pbxUrl);

export async function openPracticeOffice(options: PracticeOfficeOptions): Promise<Office> {
  const { world, lines, ready, hangUp } = options;
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-office-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'exchange.json');
  writeFileSync(file, JSON.stringify(world));
  const app = await startApp('practice-pbx', {
    OFFHOOK_PBX_SIP_PORT: '0',
    OFFHOOK_PBX_HTTP_PORT: '0',
    OFFHOOK_PBX_CSTA_PORT: '0',
    OFFHOOK_PBX_CONFIG: file,
  });
  stack.defer(app.stop);
  pbxUrl = String(app.ready['url']);
  const pbx = new PracticePbx(pbxUrl);

  const ports = { sip: portOf(app.ready['sip']), csta: portOf(app.ready['csta']) };
  const [annas, bens] = lines;
  const site = stack.use(
    await openSite({
      pbx: { host: '127.0.0.1', transport: 'udp', ...options.pbx(ports) },
      people: [
        { email: 'anna@test.example', name: 'Anna Berger', sipPassword: PASSWORD, ...annas },
        { email: 'ben@test.example', name: 'Ben Carter', sipPassword: PASSWORD, ...bens },
      ],
      webRoot: path.join(repository, 'apps', 'phone', 'dist'),
    }),
  );
  const [anna, ben] = await Promise.all([
    Person.at(site.url, 'anna@test.example', site.password, { tone: ANNA }),
    Person.at(site.url, 'ben@test.example', site.password, { tone: BEN }),
    ready?.(pbx),
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
      await hangUp?.(pbx);
      await Promise.all(windows.map((window) => window.quiet()));
      await pbx.quiet();
      await Promise.all(windows.map((window) => window.quiet()));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const portOf = (address: unknown): number => Number(String(address).split(':').at(-1));
