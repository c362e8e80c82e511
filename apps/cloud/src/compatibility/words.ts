import type { Language } from '@offhook/contract';
import type { Finding } from './check.ts';

type Notices = {
  unsupported: (what: string) => string;
  deprecated: (what: string, until: string) => string;
  tooOld: (what: string) => string;
};

const notices: Readonly<Record<Language, Notices>> = {
  en: {
    unsupported: (what) =>
      `Your telephone system reports as ${what}. This version is not supported: calls may work, but nobody can promise it. Please plan an update.`,
    deprecated: (what, until) =>
      `Your telephone system reports as ${what}. This version is supported until ${until}. Please update it before then.`,
    tooOld: (what) =>
      `The connector beside your telephone system has version ${what}, which is too old. Please install the current one.`,
  },
  de: {
    unsupported: (what) =>
      `Ihre Telefonanlage meldet sich als ${what}. Diese Version wird nicht unterstützt: Anrufe können funktionieren, zugesichert ist es nicht. Bitte planen Sie eine Aktualisierung.`,
    deprecated: (what, until) =>
      `Ihre Telefonanlage meldet sich als ${what}. Diese Version wird bis zum ${until} unterstützt. Bitte aktualisieren Sie sie vorher.`,
    tooOld: (what) =>
      `Der Connector neben Ihrer Telefonanlage hat die Version ${what}, die zu alt ist. Bitte installieren Sie die aktuelle.`,
  },
  fr: {
    unsupported: (what) =>
      `Votre système téléphonique s’annonce comme ${what}. Cette version n’est pas prise en charge : les appels peuvent fonctionner, mais sans garantie. Veuillez prévoir une mise à jour.`,
    deprecated: (what, until) =>
      `Votre système téléphonique s’annonce comme ${what}. Cette version est prise en charge jusqu’au ${until}. Veuillez la mettre à jour avant cette date.`,
    tooOld: (what) =>
      `Le connecteur installé près de votre système téléphonique est en version ${what}, trop ancienne. Veuillez installer la version actuelle.`,
  },
  es: {
    unsupported: (what) =>
      `Su centralita se identifica como ${what}. Esta versión no es compatible: las llamadas pueden funcionar, pero no se garantiza. Planifique una actualización.`,
    deprecated: (what, until) =>
      `Su centralita se identifica como ${what}. Esta versión es compatible hasta el ${until}. Actualícela antes de esa fecha.`,
    tooOld: (what) =>
      `El conector instalado junto a su centralita tiene la versión ${what}, que es demasiado antigua. Instale la actual.`,
  },
  it: {
    unsupported: (what) =>
      `Il vostro centralino si presenta come ${what}. Questa versione non è supportata: le chiamate possono funzionare, ma senza garanzia. Vi preghiamo di pianificare un aggiornamento.`,
    deprecated: (what, until) =>
      `Il vostro centralino si presenta come ${what}. Questa versione è supportata fino al ${until}. Vi preghiamo di aggiornarla prima di tale data.`,
    tooOld: (what) =>
      `Il connettore accanto al vostro centralino ha la versione ${what}, che è troppo vecchia. Vi preghiamo di installare quella attuale.`,
  },
  nl: {
    unsupported: (what) =>
      `Uw telefooncentrale meldt zich als ${what}. Deze versie wordt niet ondersteund: bellen kan werken, maar dat is niet gegarandeerd. Plan een update.`,
    deprecated: (what, until) =>
      `Uw telefooncentrale meldt zich als ${what}. Deze versie wordt ondersteund tot en met ${until}. Werk haar voor die datum bij.`,
    tooOld: (what) =>
      `De connector naast uw telefooncentrale heeft versie ${what}; die is te oud. Installeer de huidige versie.`,
  },
  ca: {
    unsupported: (what) =>
      `La vostra centraleta s’identifica com a ${what}. Aquesta versió no és compatible: les trucades poden funcionar, però no es garanteix. Planifiqueu-ne una actualització.`,
    deprecated: (what, until) =>
      `La vostra centraleta s’identifica com a ${what}. Aquesta versió és compatible fins al ${until}. Actualitzeu-la abans d’aquesta data.`,
    tooOld: (what) =>
      `El connector instal·lat al costat de la vostra centraleta té la versió ${what}, que és massa antiga. Instal·leu-ne l’actual.`,
  },
};

/** A finding as a sentence of a mail. */
export function noticeOf(finding: Finding, language: Language): string {
  const words = notices[language];
  switch (finding.kind) {
    case 'platform_unsupported':
      return words.unsupported(finding.what);
    case 'platform_deprecated':
      return words.deprecated(finding.what, dayIn(language, finding.until));
    case 'version_too_old':
      return words.tooOld(finding.what);
  }
}

function dayIn(language: Language, day: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
}
