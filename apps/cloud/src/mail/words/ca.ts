import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'En iniciar la sessió ara també es demana un codi de la vostra aplicació d’autenticació.',
  totp_off: 'En iniciar la sessió ja no es demana cap codi de la vostra aplicació d’autenticació.',
  passkey_added: 'S’ha afegit una clau d’accés al vostre compte.',
  passkey_removed: 'S’ha eliminat una clau d’accés del vostre compte.',
  reset:
    'Un administrador ha tret la vostra aplicació d’autenticació, les claus d’accés i els codis de recuperació, i us ha tancat les sessions.',
  recovery_used: 'S’ha fet servir un codi de recuperació per iniciar la sessió.',
};

export const ca: MailWords = {
  greeting: (name) => `Hola, ${name}:`,
  footer: 'Offhook ha enviat aquest missatge automàticament. Les respostes no es llegeixen.',
  linkHint: 'Si el botó no funciona, copieu aquesta adreça al navegador:',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `El vostre telèfon a ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Us han assignat un telèfon al navegador a ${tenantName}.`
        : `${inviter} us ha assignat un telèfon al navegador a ${tenantName}.`,
      'Trieu com inicieu la sessió i podreu trucar de seguida.',
    ],
    button: 'Configureu l’accés',
    after: [`L’enllaç funciona una sola vegada, fins al ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Administreu Offhook per a ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Us han convidat a administrar Offhook per a ${tenantName}.`
        : `${inviter} us ha convidat a administrar Offhook per a ${tenantName}.`,
      'Primer trieu com inicieu la sessió. Després, un assistent us guiarà per la configuració.',
    ],
    button: 'Comenceu',
    after: [`L’enllaç funciona una sola vegada, fins al ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'Gestioneu Offhook',
    paragraphs: [
      inviter === ''
        ? 'Us han convidat a gestionar Offhook: els clients, les seves subscripcions i l’assistència.'
        : `${inviter} us ha convidat a gestionar Offhook: els clients, les seves subscripcions i l’assistència.`,
      'Primer trieu com inicieu la sessió.',
    ],
    button: 'Comenceu',
    after: [`L’enllaç funciona una sola vegada, fins al ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Trieu una contrasenya nova',
    paragraphs: ['S’ha demanat una contrasenya nova per al vostre compte d’Offhook.'],
    button: 'Trieu una contrasenya nova',
    after: [
      `L’enllaç funciona una sola vegada, fins al ${expiresAt}.`,
      'Si no heu estat vós, no cal que feu res: la contrasenya continua igual.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'S’ha canviat la vostra contrasenya',
    paragraphs: [
      `La contrasenya del vostre compte d’Offhook es va canviar el ${at}.`,
      'Si no heu estat vós, trieu de seguida una contrasenya nova i aviseu el vostre administrador.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'S’ha canviat la vostra adreça electrònica',
    paragraphs: [
      `El ${at} es va canviar l’adreça electrònica del vostre compte d’Offhook. Ja no inicieu la sessió amb aquesta adreça, i els enllaços que s’hi van enviar han deixat de funcionar.`,
      'Si n’esteu al corrent, no cal que feu res. Si no, aviseu de seguida l’administrador.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'Ha canviat la manera d’iniciar la sessió',
    paragraphs: [
      `${changes[change]} Va passar el ${at}.`,
      'Si no heu estat vós, canvieu de seguida la contrasenya i aviseu el vostre administrador.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Molts intents fallits d’iniciar la sessió',
    paragraphs: [
      `El ${at} algú va provar moltes vegades, sense èxit, d’iniciar la sessió al vostre compte d’Offhook. Durant una estona es rebutjaran més intents des d’allà.`,
      'Podeu continuar iniciant la sessió. Si éreu vós, trieu una contrasenya nova amb «He oblidat la contrasenya».',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook està suspès per a ${tenantName}`,
    paragraphs: [
      `El vostre proveïdor ha suspès el servei per a ${tenantName}.`,
      `El motiu indicat: ${reason}`,
      'Les trucades d’emergència continuen funcionant i les trucades en curs no es tallen. Encara podeu iniciar la sessió com a administrador. Poseu-vos en contacte amb el vostre proveïdor.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `Sobre la vostra centraleta a ${connectorName}`,
    paragraphs: [`Un avís sobre «${connectorName}» de ${tenantName}:`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `Un registre de ${sender}`,
    paragraphs: [
      `${sender} de ${tenantName} demana ajuda amb el telèfon i envia un registre.`,
      ...(note === '' ? [] : [`El missatge: ${note}`]),
      'El fitxer va adjunt. No conté contrasenyes, ni xifres marcades durant les trucades, ni noms, i dels números només les dues últimes xifres.',
    ],
  }),
};
