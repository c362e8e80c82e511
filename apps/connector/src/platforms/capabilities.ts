import type { SettingName } from '@offhook/contract';
import type { CstaProfile } from './csta/profile.ts';
import { Roster } from './csta/roster.ts';
import { Knowledge, type KnownService } from './csta/services/knowledge.ts';
import { keepersOf, type Keeper } from './csta/settings/compose.ts';
import { FactBook } from './csta/settings/facts.ts';
import { keepersOf as sipKeepersOf } from './generic-sip/codes.ts';
import { OPENSCAPE_4000 } from './openscape-4000/profile.ts';
import { OPENSCAPE_BUSINESS } from './openscape-business/profile.ts';
import { OPENSCAPE_VOICE } from './openscape-voice/profile.ts';

/** The platforms with a control link, in the order in which they are shown. */
const PROFILES: readonly CstaProfile[] = [OPENSCAPE_VOICE, OPENSCAPE_4000, OPENSCAPE_BUSINESS];

interface Feature {
  readonly name: string;
  /** All of them are needed. */
  readonly services: readonly KnownService[];
  /** How SIP alone does it, if it can. */
  readonly sip: string | undefined;
}

const FEATURES: readonly Feature[] = [
  { name: 'transfer without asking', services: ['singleStepTransferCall'], sip: 'REFER' },
  { name: 'transfer after asking', services: ['transferCall'], sip: 'REFER with Replaces' },
  {
    name: 'conference',
    services: ['conferenceCall'],
    sip: 'INVITE and REFER to a room, with a code; else the client mixes',
  },
  { name: 'send a ringing call elsewhere', services: ['deflectCall'], sip: '302' },
  { name: 'send a ringing call to the mailbox', services: ['deflectCall'], sip: '302, with a code' },
  { name: 'park', services: ['parkCall'], sip: 'REFER, with a code' },
  { name: 'call back', services: ['callBackNonCallRelated'], sip: 'with a code' },
  { name: 'pick up at a number', services: ['directedPickupCall'], sip: 'with a code' },
  { name: 'pick up in the group', services: ['groupPickupCall'], sip: 'with a code' },
  { name: 'push to the desk phone', services: ['singleStepTransferCall'], sip: 'REFER' },
  {
    name: 'push to the alternative number',
    services: ['singleStepTransferCall', 'deflectCall'],
    sip: 'REFER; 302 while it rings',
  },
  {
    name: 'pull from the desk phone',
    services: ['singleStepTransferCall', 'deflectCall'],
    sip: 'INVITE with Replaces, where the PBX tells of dialogs',
  },
  { name: 'desk phone: place', services: ['makeCall'], sip: undefined },
  { name: 'desk phone: answer', services: ['answerCall'], sip: undefined },
  { name: 'desk phone: hang up', services: ['clearConnection'], sip: undefined },
  { name: 'desk phone: hold and retrieve', services: ['holdCall', 'retrieveCall'], sip: undefined },
  {
    name: 'desk phone: consult, swap, back',
    services: ['consultationCall', 'alternateCall', 'reconnectCall'],
    sip: undefined,
  },
  { name: 'desk phone: keypad', services: ['generateDigits'], sip: undefined },
];

const SETTINGS: Readonly<Record<SettingName, string>> = {
  'forwarding.immediate': 'forwarding at once',
  'forwarding.busy': 'forwarding when busy',
  'forwarding.noAnswer': 'forwarding when nobody answers',
  doNotDisturb: 'do-not-disturb',
  alternativeNumber: 'alternative number',
  routing: 'which devices ring',
  busyBehaviour: 'busy behaviour',
};

/** In the order of {@link PROFILES}, before a platform has said what it has. */
function keepers(profile: CstaProfile): Readonly<Record<SettingName, Keeper>> {
  const knowledge = new Knowledge(profile.tries);
  const [user] = new Roster([ANYBODY]).users.values();
  if (user === undefined) throw new Error('a line makes a user');
  return keepersOf({
    user,
    codes: {},
    profile,
    knowledge,
    isUp: true,
    facts: new FactBook(profile, knowledge).of(ANYBODY.userId),
    kept: {},
    sip: undefined,
  });
}

type Line = ConstructorParameters<typeof Roster>[0][number];

const ANYBODY: Line = {
  lineId: 'line' as Line['lineId'],
  userId: 'user' as Line['userId'],
  number: '5101',
  displayName: '',
  authUser: '5101',
  password: '',
  mainNumber: '101',
  kept: {},
};

/** Names of services as the standard writes them. */
const shown = (service: KnownService): string => `\`${service.charAt(0).toUpperCase()}${service.slice(1)}\``;

function callCell({ tries }: CstaProfile, { services, sip }: Feature): string {
  if (services.every((service) => tries.includes(service))) return services.map(shown).join(', ');
  return sip ?? '–';
}

function settingCell(profile: CstaProfile, name: SettingName): string {
  switch (keepers(profile)[name]) {
    case 'platform':
      return platformSetting(name);
    case 'sip':
      return 'with codes';
    case 'connector':
      return 'by the connector, once for the user';
    case 'nobody':
      return '–';
  }
}

function platformSetting(name: SettingName): string {
  switch (name) {
    case 'forwarding.immediate':
    case 'forwarding.busy':
    case 'forwarding.noAnswer':
      return '`SetForwarding`';
    case 'doNotDisturb':
      return '`SetDoNotDisturb`';
    case 'alternativeNumber':
      return '`SetForwarding` with `staticOndDN`';
    case 'routing':
      return '`SetAgentState` of the other member';
    case 'busyBehaviour':
      return '–';
  }
}

const WITH_CODES = {
  forwardImmediate: '1',
  forwardImmediateOff: '1',
  forwardBusy: '1',
  forwardBusyOff: '1',
  forwardNoAnswer: '1',
  forwardNoAnswerOff: '1',
  doNotDisturb: '1',
  doNotDisturbOff: '1',
};

function sipSettingCell(name: SettingName): string {
  switch (sipKeepersOf(WITH_CODES, false)[name]) {
    case 'pbx':
      return 'with codes';
    case 'connector':
      return 'by the connector, for its own line';
    case 'nobody':
      return sipKeepersOf({}, true)[name] === 'connector' ? 'where there is no desk phone' : '–';
  }
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const head = (first: string): string[] => [
  row([first, ...PROFILES.map(({ name }) => name), 'any SIP PBX']),
  row(['---', ...PROFILES.map(() => '---'), '---']),
];

/** The capability matrix as Markdown: what each adapter goes for, before the platform has said what it really has. */
export function capabilityTables(): string {
  const calls = FEATURES.map((feature) =>
    row([feature.name, ...PROFILES.map((profile) => callCell(profile, feature)), feature.sip ?? '–']),
  );
  const names = Object.keys(SETTINGS) as SettingName[];
  const settings = names.map((name) =>
    row([SETTINGS[name], ...PROFILES.map((profile) => settingCell(profile, name)), sipSettingCell(name)]),
  );
  const unverified = PROFILES.flatMap(({ name, unverified }) =>
    unverified.map((one) => `- ${name}: ${one}.`),
  );
  return [
    '### Calls',
    '',
    ...head('what'),
    ...calls,
    '',
    '### Settings',
    '',
    ...head('setting'),
    ...settings,
    '',
    '### Not verified on a system',
    '',
    ...unverified,
    '',
  ].join('\n');
}

const BEGIN = '<!-- capabilities: generated by `npm run docs:capabilities` -->';
const END = '<!-- capabilities: end -->';

/** A document with the tables of now in the place of those in it. Throws where it has no place for them. */
export function withCapabilities(document: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the document has no ${BEGIN} and ${END}`);
  return `${document.slice(0, from + BEGIN.length)}\n\n${capabilityTables()}\n${document.slice(to)}`;
}
