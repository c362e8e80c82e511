import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'All’accesso viene ora richiesto anche un codice della sua app di autenticazione.',
  totp_off: 'All’accesso non viene più richiesto un codice della sua app di autenticazione.',
  passkey_added: 'Una passkey è stata aggiunta al suo account.',
  passkey_removed: 'Una passkey è stata rimossa dal suo account.',
  reset:
    'Un amministratore ha rimosso la sua app di autenticazione, le passkey e i codici di recupero e l’ha disconnessa.',
  recovery_used: 'Per accedere è stato usato un codice di recupero.',
};

export const it: MailWords = {
  greeting: (name) => `Buongiorno ${name},`,
  footer: 'Questo messaggio è stato inviato automaticamente da Offhook. Le risposte non vengono lette.',
  linkHint: 'Se il pulsante non funziona, copi questo indirizzo nel browser:',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Il suo telefono presso ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Le è stato assegnato un telefono nel browser presso ${tenantName}.`
        : `${inviter} le ha assegnato un telefono nel browser presso ${tenantName}.`,
      'Scelga come accedere e potrà telefonare subito.',
    ],
    button: 'Configurare l’accesso',
    after: [`Il link funziona una sola volta, fino al ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Lei amministra Offhook per ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `È stato invitato ad amministrare Offhook per ${tenantName}.`
        : `${inviter} l’ha invitata ad amministrare Offhook per ${tenantName}.`,
      'Scelga prima come accedere. Poi una guida la accompagnerà nella configurazione.',
    ],
    button: 'Iniziare',
    after: [`Il link funziona una sola volta, fino al ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'Lei gestisce Offhook',
    paragraphs: [
      inviter === ''
        ? 'È stato invitato a gestire Offhook: i clienti, i loro abbonamenti e l’assistenza.'
        : `${inviter} l’ha invitata a gestire Offhook: i clienti, i loro abbonamenti e l’assistenza.`,
      'Scelga prima come accedere.',
    ],
    button: 'Iniziare',
    after: [`Il link funziona una sola volta, fino al ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Scelga una nuova password',
    paragraphs: ['È stata richiesta una nuova password per il suo account Offhook.'],
    button: 'Scegliere una nuova password',
    after: [
      `Il link funziona una sola volta, fino al ${expiresAt}.`,
      'Se non è stato lei, non deve fare nulla: la sua password resta invariata.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'La sua password è stata cambiata',
    paragraphs: [
      `La password del suo account Offhook è stata cambiata il ${at}.`,
      'Se non è stato lei, scelga subito una nuova password e avvisi il suo amministratore.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'Il suo indirizzo e-mail è stato modificato',
    paragraphs: [
      `Il ${at} è stato modificato l’indirizzo e-mail del suo account Offhook. Con questo indirizzo non si accede più, e i link che vi sono stati inviati non funzionano più.`,
      'Se ne è al corrente, non deve fare nulla. Altrimenti avvisi subito il suo amministratore.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'Il suo modo di accedere è cambiato',
    paragraphs: [
      `${changes[change]} È successo il ${at}.`,
      'Se non è stato lei, cambi subito la password e avvisi il suo amministratore.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Molti tentativi di accesso falliti',
    paragraphs: [
      `Il ${at} qualcuno ha tentato molte volte, senza riuscirci, di accedere al suo account Offhook. Altri tentativi da lì vengono rifiutati per un po’.`,
      'Lei può comunque accedere. Se è stato lei, scelga una nuova password con «Password dimenticata».',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook è sospeso per ${tenantName}`,
    paragraphs: [
      `Il suo fornitore ha sospeso il servizio per ${tenantName}.`,
      `Il motivo indicato: ${reason}`,
      'Le chiamate di emergenza funzionano ancora e le chiamate in corso non vengono interrotte. Lei può ancora accedere come amministratore. Contatti il suo fornitore.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `Sul suo centralino presso ${connectorName}`,
    paragraphs: [`Un avviso su «${connectorName}» di ${tenantName}:`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `Un registro da ${sender}`,
    paragraphs: [
      `${sender} di ${tenantName} chiede aiuto per il telefono e invia un registro.`,
      ...(note === '' ? [] : [`Il messaggio: ${note}`]),
      'Il file è allegato. Non contiene password, né cifre digitate durante le chiamate, né nomi, e dei numeri solo le ultime due cifre.',
    ],
  }),
};
