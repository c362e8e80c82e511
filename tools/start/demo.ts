/** The demo world: one tenant, its people, and the desk phones and services of the practice PBX. */
export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly role: 'user' | 'admin';
  /** Extension at the practice PBX: the number that people call, and the desk phone's. */
  readonly number?: string;
  /** The line of the browser and the mobile beside it, as OpenScape's One Number Service has it. */
  readonly line?: string;
  /** Their mobile, which rings after a while. */
  readonly alternative?: string;
}

export const demoPeople: readonly DemoPerson[] = [
  {
    email: 'anna@demo.example',
    name: 'Anna Berger',
    role: 'user',
    number: '101',
    line: '5101',
    alternative: '+4915550101',
  },
  { email: 'ben@demo.example', name: 'Ben Carter', role: 'user', number: '102', line: '5102' },
  { email: 'admin@demo.example', name: 'Demo Administrator', role: 'admin' },
];

/** Virtual desk phones with an extension of their own, and the tone that is their voice. */
export const deskPhones = [
  { number: '201', name: 'Carla Duval', toneHz: 550, autoAnswerMs: 1_000 },
  { number: '202', name: 'David Engel', toneHz: 660, transport: 'tcp' },
] as const;

/** Telephones of the public network that the practice PBX plays. */
export const outsidePhones = [
  { number: '+4915550101', name: 'Anna’s mobile', toneHz: 770 },
  { number: '+4930123456', name: 'A customer', toneHz: 880 },
] as const;

/** What is dialled at the practice PBX for a feature, in the words of the contract's `DialCodes`. */
export const featureCodes = {
  voicemail: '500',
  voicemailTarget: '500',
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
} as const;

/** Numbers of the practice PBX that do something by themselves. */
export const services = [
  { number: '600', kind: 'echo', name: 'Echo test' },
  { number: '601', kind: 'tone', name: 'Tone of 1 kHz' },
  { number: '602', kind: 'digits', name: 'Keys read back as tones' },
  { number: '603', kind: 'announcement', name: 'Announcement' },
  { number: '604', kind: 'busy', name: 'Always busy' },
  { number: '605', kind: 'no-answer', name: 'Never answered', ringSeconds: 10 },
  { number: '606', kind: 'decline', name: 'Declines' },
] as const;

/** What is worth dialling, for the terminal. */
export const worthDialling: readonly (readonly [number: string, what: string])[] = [
  ['600', 'echo test: hear yourself'],
  ['601', 'a steady tone'],
  ['602', 'reads your key presses back as tones'],
  ['603', 'an announcement, then it hangs up'],
  ['201', "Carla Duval's desk phone, answers by itself"],
  ['202', "David Engel's desk phone, answer it on the PBX page"],
  ['102', 'Ben Carter, in a second browser window (type his name)'],
  ['500', 'your voicemail'],
  ['004930123456', 'a customer outside; answer it on the PBX page'],
  ['604', 'always busy'],
  ['605', 'never answered: rings for 10 s'],
  ['606', 'rejects every call'],
];
