import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'Bij het aanmelden wordt nu ook een code uit uw authenticator-app gevraagd.',
  totp_off: 'Bij het aanmelden wordt geen code uit uw authenticator-app meer gevraagd.',
  passkey_added: 'Er is een passkey aan uw account toegevoegd.',
  passkey_removed: 'Er is een passkey uit uw account verwijderd.',
  reset: 'Een beheerder heeft uw authenticator-app, passkeys en herstelcodes verwijderd en u afgemeld.',
  recovery_used: 'Er is een herstelcode gebruikt om aan te melden.',
};

export const nl: MailWords = {
  greeting: (name) => `Beste ${name},`,
  footer: 'Dit bericht is automatisch verzonden door Offhook. Antwoorden worden niet gelezen.',
  linkHint: 'Werkt de knop niet? Kopieer dan dit adres naar uw browser:',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Uw telefoon bij ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `U hebt bij ${tenantName} een telefoon in de browser gekregen.`
        : `${inviter} heeft u bij ${tenantName} een telefoon in de browser gegeven.`,
      'Kies hoe u zich aanmeldt en u kunt meteen bellen.',
    ],
    button: 'Aanmelden instellen',
    after: [`De link werkt één keer, tot ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `U beheert Offhook voor ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `U bent uitgenodigd om Offhook voor ${tenantName} te beheren.`
        : `${inviter} heeft u uitgenodigd om Offhook voor ${tenantName} te beheren.`,
      'Kies eerst hoe u zich aanmeldt. Daarna leidt een wizard u door de inrichting.',
    ],
    button: 'Beginnen',
    after: [`De link werkt één keer, tot ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'U exploiteert Offhook',
    paragraphs: [
      inviter === ''
        ? 'U bent uitgenodigd om Offhook mee te exploiteren: klanten, hun abonnementen en hun ondersteuning.'
        : `${inviter} heeft u uitgenodigd om Offhook mee te exploiteren: klanten, hun abonnementen en hun ondersteuning.`,
      'Kies eerst hoe u zich aanmeldt.',
    ],
    button: 'Beginnen',
    after: [`De link werkt één keer, tot ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Kies een nieuw wachtwoord',
    paragraphs: ['Er is een nieuw wachtwoord aangevraagd voor uw Offhook-account.'],
    button: 'Nieuw wachtwoord kiezen',
    after: [
      `De link werkt één keer, tot ${expiresAt}.`,
      'Was u dit niet? Dan hoeft u niets te doen: uw wachtwoord blijft zoals het is.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'Uw wachtwoord is gewijzigd',
    paragraphs: [
      `Het wachtwoord van uw Offhook-account is op ${at} gewijzigd.`,
      'Was u dit niet? Kies dan meteen een nieuw wachtwoord en waarschuw uw beheerder.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'Uw e-mailadres is gewijzigd',
    paragraphs: [
      `Op ${at} is het e-mailadres van uw Offhook-account gewijzigd. U meldt zich niet meer met dit adres aan, en links die ernaartoe zijn gestuurd, werken niet meer.`,
      'Weet u hiervan, dan hoeft u niets te doen. Zo niet, waarschuw dan meteen uw beheerder.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'Uw manier van aanmelden is gewijzigd',
    paragraphs: [
      `${changes[change]} Dit gebeurde op ${at}.`,
      'Was u dit niet? Wijzig dan meteen uw wachtwoord en waarschuw uw beheerder.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Veel mislukte aanmeldpogingen',
    paragraphs: [
      `Op ${at} heeft iemand vele malen vergeefs geprobeerd zich bij uw Offhook-account aan te melden. Verdere pogingen daarvandaan worden een tijd geweigerd.`,
      'U kunt zich nog steeds aanmelden. Was u het zelf, kies dan een nieuw wachtwoord via “Wachtwoord vergeten”.',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook is opgeschort voor ${tenantName}`,
    paragraphs: [
      `Uw aanbieder heeft de dienst voor ${tenantName} opgeschort.`,
      `De opgegeven reden: ${reason}`,
      'Noodoproepen blijven werken en lopende gesprekken worden niet verbroken. U kunt zich nog steeds als beheerder aanmelden. Neem contact op met uw aanbieder.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `Over uw telefooncentrale bij ${connectorName}`,
    paragraphs: [`Een melding over “${connectorName}” van ${tenantName}:`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `Een logbestand van ${sender}`,
    paragraphs: [
      `${sender} van ${tenantName} vraagt hulp met de telefoon en stuurt een logbestand.`,
      ...(note === '' ? [] : [`Het bericht: ${note}`]),
      'Het bestand is bijgevoegd. Het bevat geen wachtwoorden, geen cijfers die tijdens gesprekken zijn ingetoetst, geen namen, en van nummers alleen de laatste twee cijfers.',
    ],
  }),
};
