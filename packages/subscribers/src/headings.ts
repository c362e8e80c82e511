import { ImportField, type HeaderMapping } from '@offhook/contract';

/**
 * What columns are called, in English and in German, by people, by Offhook's own exports and by platforms. Compared without case, accents,
 * spaces and punctuation. The ancestors of this import had `email, last name, first name, phone number, caller ID`; the words of OpenScape
 * Business (“Rufnummer”, “Durchwahl”, “Anzeige” …) are those of its administration pages, as no description of its export is public.
 */
const headings: Readonly<Record<ImportField, readonly string[]>> = {
  email: [
    'email',
    'emailaddress',
    'mail',
    'mailaddress',
    'emailadresse',
    'mailadresse',
    'userprincipalname',
    'upn',
    'smtp',
    'emailgeschaeftlich',
    'businessemail',
  ],
  name: [
    'name',
    'displayname',
    'fullname',
    'anzeigename',
    'anzeige',
    'vollername',
    'vollstaendigername',
    'display',
    'user',
    'username',
    'benutzer',
    'teilnehmer',
    'teilnehmername',
    'mitarbeiter',
    'nameanzeige',
  ],
  firstName: ['firstname', 'givenname', 'forename', 'vorname', 'first', 'rufname'],
  lastName: ['lastname', 'surname', 'familyname', 'nachname', 'familienname', 'zuname', 'last', 'sn'],
  number: [
    'number',
    'phonenumber',
    'phone',
    'telephone',
    'telephonenumber',
    'rufnummer',
    'rufnr',
    'telefonnummer',
    'telefon',
    'nummer',
    'callno',
    'callnumber',
    'directorynumber',
    'dn',
    'subscribernumber',
    'teilnehmernummer',
    'linenumber',
    'leitung',
    'extensionline',
    'siprufnummer',
    'sipnumber',
    'clientnumber',
  ],
  mainNumber: [
    'mainnumber',
    'main',
    'hauptnummer',
    'hauptrufnummer',
    'onenumber',
    'officenumber',
    'publicnumber',
    'mulap',
    'mulaprufnummer',
    'gruppenrufnummer',
    'buerorufnummer',
  ],
  shortNumber: [
    'shortnumber',
    'short',
    'extension',
    'ext',
    'durchwahl',
    'dwahl',
    'duwa',
    'did',
    'kurzwahl',
    'kurznummer',
    'nebenstelle',
    'internalnumber',
    'internenummer',
    'interne',
    'intern',
  ],
  callerId: [
    'callerid',
    'clip',
    'clid',
    'displayednumber',
    'angezeigterufnummer',
    'anrufernummer',
    'absendernummer',
    'anruferkennung',
    'clipnummer',
    'outgoingnumber',
  ],
  authUser: [
    'authuser',
    'authname',
    'authid',
    'authuserid',
    'sipuser',
    'sipusername',
    'sipuserid',
    'anmeldename',
    'sipbenutzer',
    'sipbenutzername',
    'digestuser',
    'login',
    'loginname',
  ],
  password: [
    'password',
    'sippassword',
    'linepassword',
    'secret',
    'sipsecret',
    'kennwort',
    'passwort',
    'sipkennwort',
    'sippasswort',
    'leitungskennwort',
    'digestpassword',
  ],
  deskPhone: [
    'deskphone',
    'desk',
    'tischtelefon',
    'tischapparat',
    'apparat',
    'device',
    'deskphonenumber',
    'festnetztelefon',
  ],
  alternativeNumber: [
    'alternativenumber',
    'alternative',
    'mobile',
    'mobilenumber',
    'mobilephone',
    'cell',
    'cellphone',
    'mobil',
    'mobilnummer',
    'handy',
    'handynummer',
    'mobiltelefon',
    'ausweichnummer',
    'alternativnummer',
    'alternativrufnummer',
  ],
  voicemailNumber: [
    'voicemail',
    'voicemailnumber',
    'mailbox',
    'mailboxnumber',
    'mailboxnummer',
    'voicemailnummer',
    'anrufbeantworter',
    'sprachbox',
  ],
  language: ['language', 'lang', 'sprache', 'locale', 'preferredlanguage'],
  role: ['role', 'rolle', 'usertype', 'benutzerrolle', 'berechtigung'],
};

const fieldOf = new Map<string, ImportField>(
  ImportField.options.flatMap((field) =>
    [field.toLowerCase(), ...headings[field]].map((word): [string, ImportField] => [word, field]),
  ),
);

/** A heading as it is compared: `E-Mail-Adresse *` and `e_mail adresse` are the same. */
export const foldHeading = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .normalize('NFD')
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '');

/**
 * What the columns of a file are taken for, by their headings; of two alike the first. Where none is called an e-mail address, the column is taken
 * in which every sample looks like one.
 * @param samples a few records below the headings
 */
export function guessMapping(
  names: readonly string[],
  samples: readonly (readonly string[])[],
): HeaderMapping {
  const taken = new Set<ImportField>();
  const columns = names.map((name): ImportField | null => {
    const field = fieldOf.get(foldHeading(name));
    if (field === undefined || taken.has(field)) return null;
    taken.add(field);
    return field;
  });
  if (!taken.has('email')) {
    const column = columns.findIndex(
      (field, at) =>
        field === null &&
        samples.length > 0 &&
        samples.every((fields) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test((fields[at] ?? '').trim())),
    );
    if (column >= 0) columns[column] = 'email';
  }
  return { columns };
}

/** Is this a mapping that rows can be read with: an address, and no field from two columns? */
export function isUsable({ columns }: HeaderMapping): boolean {
  const used = columns.filter((field) => field !== null);
  return used.includes('email') && new Set(used).size === used.length;
}
