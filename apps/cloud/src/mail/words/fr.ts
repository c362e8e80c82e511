import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'La connexion demande désormais aussi un code de votre application d’authentification.',
  totp_off: 'La connexion ne demande plus de code de votre application d’authentification.',
  passkey_added: 'Une clé d’accès a été ajoutée à votre compte.',
  passkey_removed: 'Une clé d’accès a été retirée de votre compte.',
  reset:
    'Un administrateur a retiré votre application d’authentification, vos clés d’accès et vos codes de secours, et vous a déconnecté.',
  recovery_used: 'Un code de secours a servi à se connecter.',
};

export const fr: MailWords = {
  greeting: (name) => `Bonjour ${name},`,
  footer: 'Ce message a été envoyé automatiquement par Offhook. Les réponses ne sont pas lues.',
  linkHint: 'Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Votre téléphone chez ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Un téléphone dans le navigateur a été mis à votre disposition chez ${tenantName}.`
        : `${inviter} a mis à votre disposition un téléphone dans le navigateur chez ${tenantName}.`,
      'Choisissez comment vous connecter et vous pourrez téléphoner aussitôt.',
    ],
    button: 'Configurer la connexion',
    after: [`Le lien ne fonctionne qu’une fois, jusqu’au ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Vous administrez Offhook pour ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Vous avez été invité à administrer Offhook pour ${tenantName}.`
        : `${inviter} vous a invité à administrer Offhook pour ${tenantName}.`,
      'Choisissez d’abord comment vous connecter. Un assistant vous guidera ensuite dans la mise en service.',
    ],
    button: 'Commencer',
    after: [`Le lien ne fonctionne qu’une fois, jusqu’au ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'Vous exploitez Offhook',
    paragraphs: [
      inviter === ''
        ? 'Vous avez été invité à exploiter Offhook : les clients, leurs abonnements et leur assistance.'
        : `${inviter} vous a invité à exploiter Offhook : les clients, leurs abonnements et leur assistance.`,
      'Choisissez d’abord comment vous connecter.',
    ],
    button: 'Commencer',
    after: [`Le lien ne fonctionne qu’une fois, jusqu’au ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Choisir un nouveau mot de passe',
    paragraphs: ['Un nouveau mot de passe a été demandé pour votre compte Offhook.'],
    button: 'Choisir un nouveau mot de passe',
    after: [
      `Le lien ne fonctionne qu’une fois, jusqu’au ${expiresAt}.`,
      'Si ce n’était pas vous, vous n’avez rien à faire : votre mot de passe reste inchangé.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'Votre mot de passe a été modifié',
    paragraphs: [
      `Le mot de passe de votre compte Offhook a été modifié le ${at}.`,
      'Si ce n’était pas vous, choisissez aussitôt un nouveau mot de passe et prévenez votre administrateur.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'Votre adresse e-mail a été modifiée',
    paragraphs: [
      `Le ${at}, l’adresse e-mail de votre compte Offhook a été modifiée. Vous ne vous connectez plus avec cette adresse, et les liens qui y ont été envoyés ne fonctionnent plus.`,
      'Si vous êtes au courant, vous n’avez rien à faire. Sinon, prévenez immédiatement votre administrateur.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'Votre mode de connexion a été modifié',
    paragraphs: [
      `${changes[change]} Cela s’est produit le ${at}.`,
      'Si ce n’était pas vous, changez aussitôt votre mot de passe et prévenez votre administrateur.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Nombreuses tentatives de connexion échouées',
    paragraphs: [
      `Le ${at}, quelqu’un a tenté en vain, à de nombreuses reprises, de se connecter à votre compte Offhook. Les tentatives suivantes de cette provenance sont refusées pendant un certain temps.`,
      'Vous pouvez toujours vous connecter. Si c’était vous, choisissez un nouveau mot de passe avec « Mot de passe oublié ».',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook est suspendu pour ${tenantName}`,
    paragraphs: [
      `Votre fournisseur a suspendu le service pour ${tenantName}.`,
      `Motif indiqué : ${reason}`,
      'Les appels d’urgence fonctionnent toujours et les appels en cours ne sont pas coupés. Vous pouvez toujours vous connecter en tant qu’administrateur. Veuillez contacter votre fournisseur.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `À propos de votre système téléphonique sur ${connectorName}`,
    paragraphs: [`Une information sur « ${connectorName} » de ${tenantName} :`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `Un journal de ${sender}`,
    paragraphs: [
      `${sender} de ${tenantName} demande de l’aide pour le téléphone et envoie un journal.`,
      ...(note === '' ? [] : [`Son message : ${note}`]),
      'Le fichier est joint. Il ne contient ni mot de passe, ni chiffres composés pendant les appels, ni noms, et seulement les deux derniers chiffres des numéros.',
    ],
  }),
};
