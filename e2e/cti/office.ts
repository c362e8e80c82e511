import type { PlatformKind } from '@offhook/contract';
import {
  ANNAS_DESK,
  CARLA,
  CUSTOMER,
  DAVID,
  MOBILE,
  PASSWORD,
  customer,
  extension,
  mobile,
  openPracticeOffice,
  type Office,
} from '../src/practice-office.ts';

export * from '../src/practice-office.ts';

export type OpenScape = Exclude<PlatformKind, 'generic-sip'>;

const VOICEMAIL = '500';

export interface OfficeOptions {
  readonly platform?: OpenScape;
  /** The mobile answers by itself after so many milliseconds. */
  readonly mobileAnswersMs?: number;
}

/**
 * Two people at browsers and a practice PBX that is an OpenScape, with its control link. Anna (101, line 5101) has a desk phone
 * and a mobile, Ben (102, line 5102) has a desk phone; Carla (201) and David (202, answers by himself) have desk phones alone, and
 * a customer calls from outside.
 */
export function openOffice({
  platform = 'openscape-voice',
  mobileAnswersMs,
}: OfficeOptions = {}): Promise<Office> {
  return openPracticeOffice({
    world: exchangeOf(platform, mobileAnswersMs),
    pbx: ({ sip, csta }) => ({
      kind: platform,
      port: sip,
      csta: { port: csta, transport: 'tcp' },
      codes: { voicemail: VOICEMAIL, voicemailTarget: VOICEMAIL, park: '*70', unpark: '*7{number}' },
      alternativeAfterSeconds: 2,
    }),
    lines: [
      { number: '5101', mainNumber: '101' },
      { number: '5102', mainNumber: '102' },
    ],
    ready: (pbx) => pbx.expectControlled(),
    hangUp: (pbx) => pbx.hangUpAll(),
  });
}

function exchangeOf(platform: OpenScape, mobileAnswersMs: number | undefined): object {
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
