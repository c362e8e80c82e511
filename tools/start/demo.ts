/** The demo world: one tenant, its people, and the desk phones and services of the practice PBX. */
export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly role: 'user' | 'admin';
  /** Extension at the practice PBX. */
  readonly number?: string;
}

export const demoPeople: readonly DemoPerson[] = [
  { email: 'anna@demo.example', name: 'Anna Berger', role: 'user', number: '101' },
  { email: 'ben@demo.example', name: 'Ben Carter', role: 'user', number: '102' },
  { email: 'admin@demo.example', name: 'Demo Administrator', role: 'admin' },
];

/** Virtual desk phones with an extension of their own, and the tone that is their voice. */
export const deskPhones = [
  { number: '201', name: 'Carla Duval', toneHz: 550, autoAnswerMs: 1_000 },
  { number: '202', name: 'David Engel', toneHz: 660, transport: 'tcp' },
] as const;

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
  ['604', 'always busy'],
  ['605', 'never answered: rings for 10 s'],
  ['606', 'rejects every call'],
];
