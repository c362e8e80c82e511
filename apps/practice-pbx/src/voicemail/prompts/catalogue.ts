import { ENGLISH_PIECES, GERMAN_PIECES } from './number-pieces.ts';

/** Languages that the PBX speaks. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the voicemail says: one sentence a file, in each language. */
const VOICEMAIL = {
  goodbye: { en: 'Goodbye.', de: 'Auf Wiederhören.' },
  'standard-greeting-for': { en: 'This is the mailbox of', de: 'Dies ist die Mailbox von' },
  'standard-greeting-leave': {
    en: 'Please leave a message after the tone.',
    de: 'Bitte sprechen Sie nach dem Ton.',
  },
  'mailbox-full': {
    en: 'This mailbox is full.',
    de: 'Diese Mailbox ist voll.',
  },
  'no-such-mailbox': { en: 'There is no such mailbox.', de: 'Diese Mailbox gibt es nicht.' },
  'message-saved': { en: 'Your message is saved.', de: 'Ihre Nachricht ist gespeichert.' },
  'message-too-short': {
    en: 'Too short. Nothing is saved.',
    de: 'Zu kurz. Nichts ist gespeichert.',
  },
  'recording-limit': {
    en: 'The longest time is reached.',
    de: 'Die längste Dauer ist erreicht.',
  },
  'enter-mailbox': {
    en: 'Please enter your extension, then hash.',
    de: 'Bitte geben Sie Ihre Nebenstelle ein, dann Raute.',
  },
  'enter-pin': {
    en: 'Please enter your PIN, then hash.',
    de: 'Bitte geben Sie Ihre PIN ein, dann Raute.',
  },
  'pin-wrong': { en: 'That is not right.', de: 'Das stimmt nicht.' },
  'own-extension-only': {
    en: 'Only its own telephone opens this mailbox.',
    de: 'Nur das eigene Telefon öffnet diese Mailbox.',
  },
  'you-have': { en: 'You have', de: 'Sie haben' },
  and: { en: 'and', de: 'und' },
  'no-new-messages': { en: 'no new messages', de: 'keine neuen Nachrichten' },
  'no-old-messages': { en: 'no old messages', de: 'keine alten Nachrichten' },
  'new-message': { en: 'new message', de: 'neue Nachricht' },
  'new-messages': { en: 'new messages', de: 'neue Nachrichten' },
  'old-message': { en: 'old message', de: 'alte Nachricht' },
  'old-messages': { en: 'old messages', de: 'alte Nachrichten' },
  'main-menu': {
    en: 'To listen, press 1. Next, 2. Delete, 3. Number of the caller, 4. Greeting, 5. Again, 9. Help, 0.',
    de: 'Anhören mit der 1. Weiter, 2. Löschen, 3. Nummer des Anrufers, 4. Begrüßung, 5. Noch einmal, 9. Hilfe, 0.',
  },
  'greeting-menu': {
    en: 'Greeting: record, 1, listen, 2, standard, 3, back, star.',
    de: 'Begrüßung: aufnehmen, 1, anhören, 2, Standard, 3, zurück, Stern.',
  },
  'unknown-key': {
    en: 'Unknown key. For help, press 0.',
    de: 'Unbekannte Taste. Hilfe mit der 0.',
  },
  message: { en: 'Message', de: 'Nachricht' },
  from: { en: 'from', de: 'von' },
  'unknown-caller': { en: 'an unknown number', de: 'einer unbekannten Nummer' },
  'no-more-messages': { en: 'There are no more messages.', de: 'Es gibt keine weiteren Nachrichten.' },
  'choose-message-first': {
    en: 'Listen to a message first.',
    de: 'Hören Sie zuerst eine Nachricht an.',
  },
  'end-of-message': { en: 'End of the message.', de: 'Ende der Nachricht.' },
  'message-deleted': {
    en: 'Deleted. Press 3 again to keep it.',
    de: 'Gelöscht. Noch einmal 3, um sie zu behalten.',
  },
  'message-kept': { en: 'The message is kept.', de: 'Die Nachricht bleibt.' },
  'number-of-caller': { en: 'The number of the caller is', de: 'Die Nummer des Anrufers ist' },
  'record-greeting': {
    en: 'Speak after the tone, then press hash.',
    de: 'Sprechen Sie nach dem Ton, dann Raute.',
  },
  'greeting-saved': { en: 'Your greeting is saved.', de: 'Ihre Begrüßung ist gespeichert.' },
  'greeting-too-short': {
    en: 'Too short. Your greeting is as before.',
    de: 'Zu kurz. Ihre Begrüßung bleibt.',
  },
  'greeting-standard': {
    en: 'The standard greeting is in use.',
    de: 'Die Standardbegrüßung wird verwendet.',
  },
} as const satisfies Sentences;

/** What the switch says. */
const SWITCH = {
  'number-not-in-service': {
    en: 'The number you have dialled is not in service.',
    de: 'Die gewählte Nummer ist nicht vergeben.',
  },
  'not-available': {
    en: 'The person you are calling is not available.',
    de: 'Der Teilnehmer ist nicht erreichbar.',
  },
  'not-allowed': {
    en: 'You may not do that from this telephone.',
    de: 'Das ist von diesem Telefon nicht erlaubt.',
  },
  emergency: {
    en: 'This is the practice emergency service. No real call was made.',
    de: 'Dies ist der Übungsnotruf. Es wurde kein echter Anruf getätigt.',
  },
  'call-back-set': { en: 'Call-back is set.', de: 'Der Rückruf ist eingerichtet.' },
  'call-back-cancelled': { en: 'Call-back is cancelled.', de: 'Der Rückruf ist gelöscht.' },
  'parked-at': { en: 'The call is parked at', de: 'Der Anruf ist geparkt auf' },
  'park-nothing': { en: 'No call is parked here.', de: 'Hier ist kein Anruf geparkt.' },
  'park-full': { en: 'There is no free place to park.', de: 'Es ist kein Parkplatz frei.' },
  'pick-up-nothing': {
    en: 'There is no call to pick up.',
    de: 'Es gibt keinen Anruf zum Heranholen.',
  },
  'conference-joined': { en: 'You are in the conference.', de: 'Sie sind in der Konferenz.' },
  'conference-alone': {
    en: 'You are alone in the conference.',
    de: 'Sie sind allein in der Konferenz.',
  },
  'conference-full': { en: 'The conference is full.', de: 'Die Konferenz ist voll.' },
  'enter-room': {
    en: 'Please enter the number of the conference, then hash.',
    de: 'Bitte geben Sie die Nummer der Konferenz ein, dann Raute.',
  },
  'feature-on': { en: 'The feature is on.', de: 'Die Funktion ist eingeschaltet.' },
  'feature-off': { en: 'The feature is off.', de: 'Die Funktion ist ausgeschaltet.' },
  'forwarding-to': { en: 'Calls are forwarded to', de: 'Anrufe werden umgeleitet auf' },
  'forwarding-to-voicemail': {
    en: 'Calls are forwarded to voicemail.',
    de: 'Anrufe werden zur Mailbox umgeleitet.',
  },
  'forwarding-off': { en: 'Call forwarding is off.', de: 'Die Anrufumleitung ist aus.' },
  'do-not-disturb-on': { en: 'Do not disturb is on.', de: 'Anrufschutz ist ein.' },
  'do-not-disturb-off': { en: 'Do not disturb is off.', de: 'Anrufschutz ist aus.' },
} as const satisfies Sentences;

/** Pieces of dates and numbers; those that one language alone has are in `number-pieces.ts`. */
const DATE_PIECES = {
  today: { en: 'today', de: 'heute' },
  yesterday: { en: 'yesterday', de: 'gestern' },
  on: { en: 'on', de: 'am' },
  at: { en: 'at', de: 'um' },
  'weekday-1': { en: 'Monday', de: 'Montag' },
  'weekday-2': { en: 'Tuesday', de: 'Dienstag' },
  'weekday-3': { en: 'Wednesday', de: 'Mittwoch' },
  'weekday-4': { en: 'Thursday', de: 'Donnerstag' },
  'weekday-5': { en: 'Friday', de: 'Freitag' },
  'weekday-6': { en: 'Saturday', de: 'Samstag' },
  'weekday-7': { en: 'Sunday', de: 'Sonntag' },
  'month-1': { en: 'January', de: 'Januar' },
  'month-2': { en: 'February', de: 'Februar' },
  'month-3': { en: 'March', de: 'März' },
  'month-4': { en: 'April', de: 'April' },
  'month-5': { en: 'May', de: 'Mai' },
  'month-6': { en: 'June', de: 'Juni' },
  'month-7': { en: 'July', de: 'Juli' },
  'month-8': { en: 'August', de: 'August' },
  'month-9': { en: 'September', de: 'September' },
  'month-10': { en: 'October', de: 'Oktober' },
  'month-11': { en: 'November', de: 'November' },
  'month-12': { en: 'December', de: 'Dezember' },
  star: { en: 'star', de: 'Stern' },
  hash: { en: 'hash', de: 'Raute' },
  plus: { en: 'plus', de: 'plus' },
} as const satisfies Sentences;

type Sentences = Readonly<Record<string, Readonly<Record<Language, string>>>>;

const SHARED = { ...VOICEMAIL, ...SWITCH, ...DATE_PIECES };

/** Exists in every language. */
export type SharedPrompt = keyof typeof SHARED;
export type EnglishPrompt = SharedPrompt | keyof typeof ENGLISH_PIECES;
export type GermanPrompt = SharedPrompt | keyof typeof GERMAN_PIECES;
export type PromptName = EnglishPrompt | GermanPrompt;

/** The file `assets/prompts/<language>/<name>.wav` and the words in it. */
export interface PromptText {
  readonly language: Language;
  readonly name: string;
  readonly text: string;
}

/** Everything that is spoken: one file each. */
export function promptTexts(): readonly PromptText[] {
  return LANGUAGES.flatMap((language) => [
    ...Object.entries(SHARED).map(([name, texts]) => ({ language, name, text: texts[language] })),
    ...Object.entries(language === 'en' ? ENGLISH_PIECES : GERMAN_PIECES).map(([name, text]) => ({
      language,
      name,
      text,
    })),
  ]);
}
