import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'Beim Anmelden wird jetzt zusätzlich ein Code aus Ihrer Authenticator-App verlangt.',
  totp_off: 'Beim Anmelden wird kein Code aus Ihrer Authenticator-App mehr verlangt.',
  passkey_added: 'Ihrem Konto wurde ein Passkey hinzugefügt.',
  passkey_removed: 'Aus Ihrem Konto wurde ein Passkey entfernt.',
  reset:
    'Ein Administrator hat Ihre Authenticator-App, Passkeys und Wiederherstellungscodes entfernt und Sie abgemeldet.',
  recovery_used: 'Zum Anmelden wurde ein Wiederherstellungscode benutzt.',
};

export const de: MailWords = {
  greeting: (name) => `Guten Tag ${name},`,
  footer: 'Diese Nachricht hat Offhook automatisch gesendet. Antworten werden nicht gelesen.',
  linkHint: 'Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Ihr Telefon bei ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Für Sie wurde bei ${tenantName} ein Telefon im Browser eingerichtet.`
        : `${inviter} hat für Sie bei ${tenantName} ein Telefon im Browser eingerichtet.`,
      'Legen Sie fest, wie Sie sich anmelden, dann können Sie sofort telefonieren.',
    ],
    button: 'Anmeldung einrichten',
    after: [`Der Link gilt einmal, bis ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Sie verwalten Offhook für ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Sie wurden eingeladen, Offhook für ${tenantName} zu verwalten.`
        : `${inviter} hat Sie eingeladen, Offhook für ${tenantName} zu verwalten.`,
      'Legen Sie zuerst fest, wie Sie sich anmelden. Danach führt Sie ein Assistent durch die Einrichtung.',
    ],
    button: 'Loslegen',
    after: [`Der Link gilt einmal, bis ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'Sie betreiben Offhook',
    paragraphs: [
      inviter === ''
        ? 'Sie wurden eingeladen, Offhook mit zu betreiben: Kunden, ihre Verträge und ihre Betreuung.'
        : `${inviter} hat Sie eingeladen, Offhook mit zu betreiben: Kunden, ihre Verträge und ihre Betreuung.`,
      'Legen Sie zuerst fest, wie Sie sich anmelden.',
    ],
    button: 'Loslegen',
    after: [`Der Link gilt einmal, bis ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Neues Passwort wählen',
    paragraphs: ['Für Ihr Offhook-Konto wurde ein neues Passwort angefordert.'],
    button: 'Neues Passwort wählen',
    after: [
      `Der Link gilt einmal, bis ${expiresAt}.`,
      'Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'Ihr Passwort wurde geändert',
    paragraphs: [
      `Das Passwort Ihres Offhook-Kontos wurde am ${at} geändert.`,
      'Wenn Sie das nicht waren, wählen Sie sofort ein neues Passwort und informieren Sie Ihren Administrator.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    paragraphs: [
      `Am ${at} wurde die E-Mail-Adresse Ihres Offhook-Kontos geändert. Mit dieser Adresse melden Sie sich nicht mehr an, und Links, die an sie gesendet wurden, gelten nicht mehr.`,
      'Wenn Sie davon wissen, müssen Sie nichts tun. Wenn nicht, sagen Sie sofort Ihrer Administration Bescheid.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'Ihre Anmeldung wurde geändert',
    paragraphs: [
      `${changes[change]} Das geschah am ${at}.`,
      'Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und informieren Sie Ihren Administrator.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Viele fehlgeschlagene Anmeldeversuche',
    paragraphs: [
      `Am ${at} hat jemand viele Male vergeblich versucht, sich an Ihrem Offhook-Konto anzumelden. Weitere Versuche von dort werden eine Zeit lang abgewiesen.`,
      'Sie können sich weiterhin anmelden. Falls Sie es selbst waren, wählen Sie über „Passwort vergessen“ ein neues Passwort.',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook ist für ${tenantName} gesperrt`,
    paragraphs: [
      `Ihr Anbieter hat den Dienst für ${tenantName} gesperrt.`,
      `Der angegebene Grund: ${reason}`,
      'Notrufe funktionieren weiterhin, und laufende Gespräche werden nicht getrennt. Als Administrator können Sie sich weiterhin anmelden. Bitte wenden Sie sich an Ihren Anbieter.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `Zu Ihrer Telefonanlage an ${connectorName}`,
    paragraphs: [`Ein Hinweis zu „${connectorName}“ von ${tenantName}:`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `Ein Protokollpaket von ${sender}`,
    paragraphs: [
      `${sender} von ${tenantName} bittet um Hilfe mit dem Telefon und schickt ein Protokollpaket.`,
      ...(note === '' ? [] : [`Dazu heißt es: ${note}`]),
      'Die Datei hängt an. Sie enthält keine Passwörter, keine in Gesprächen gewählten Ziffern, keine Namen und von Rufnummern die letzten zwei Ziffern.',
    ],
  }),
};
