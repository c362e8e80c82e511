import {
  ANNAS_DESK,
  CARLA,
  CUSTOMER,
  DAVID,
  MOBILE,
  bensMobile,
  customer,
  extension,
  mobile,
  openPracticeOffice,
  type Office,
} from '../src/practice-office.ts';

export * from '../src/practice-office.ts';

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

export interface OfficeOptions {
  /** Seconds that Ben's extension and his forwarding on no answer ring. */
  readonly bensRingSeconds?: number;
  /** The PBX has no feature codes: the connector sees to the settings of those who have no desk phone. */
  readonly withoutCodes?: boolean;
}

/**
 * Two people at browsers and the practice PBX. Anna (101) has a desk phone (101) and a mobile, Ben (102) has a browser alone;
 * Carla (201) and David (202, answers by himself) have desk phones, and a customer calls from outside.
 */
export function openOffice(options: OfficeOptions = {}): Promise<Office> {
  return openPracticeOffice({
    world: exchangeOf(options),
    pbx: ({ sip }) => ({
      port: sip,
      codes: options.withoutCodes === true ? { voicemail: CODES.voicemail } : CODES,
      alternativeAfterSeconds: 2,
    }),
    lines: [{ number: '101', deskPhone: '101' }, { number: '102' }],
  });
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
