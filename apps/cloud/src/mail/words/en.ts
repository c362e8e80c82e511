import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'Signing in now also asks for a code from your authenticator app.',
  totp_off: 'Signing in no longer asks for a code from your authenticator app.',
  passkey_added: 'A passkey was added to your account.',
  passkey_removed: 'A passkey was removed from your account.',
  reset:
    'An administrator has taken away your authenticator app, passkeys and recovery codes, and signed you out.',
  recovery_used: 'A recovery code was used to sign in.',
};

export const en: MailWords = {
  greeting: (name) => `Hello ${name},`,
  footer: 'This message was sent automatically by Offhook. Replies are not read.',
  linkHint: 'If the button does not work, copy this address into your browser:',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Your phone at ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `You have been given a phone in the browser at ${tenantName}.`
        : `${inviter} has given you a phone in the browser at ${tenantName}.`,
      'Choose how you sign in, and you can make calls at once.',
    ],
    button: 'Set up sign-in',
    after: [`The link works once, until ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `You administer Offhook for ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `You have been invited to administer Offhook for ${tenantName}.`
        : `${inviter} has invited you to administer Offhook for ${tenantName}.`,
      'Choose how you sign in to begin. A guide then leads you through the set-up.',
    ],
    button: 'Begin',
    after: [`The link works once, until ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'You run Offhook',
    paragraphs: [
      inviter === ''
        ? 'You have been invited to run Offhook with us: customers, their subscriptions and their support.'
        : `${inviter} has invited you to run Offhook: customers, their subscriptions and their support.`,
      'Choose how you sign in to begin.',
    ],
    button: 'Begin',
    after: [`The link works once, until ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Choose a new password',
    paragraphs: ['Somebody asked for a new password for your Offhook account.'],
    button: 'Choose a new password',
    after: [
      `The link works once, until ${expiresAt}.`,
      'If this was not you, you need not do anything: your password stays as it is.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'Your password was changed',
    paragraphs: [
      `The password of your Offhook account was changed on ${at}.`,
      'If this was not you, choose a new password at once and tell your administrator.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'Your e-mail address was changed',
    paragraphs: [
      `On ${at} the e-mail address of your Offhook account was changed. You no longer sign in with this address, and links that were sent to it do not work any more.`,
      'If you know of this, you need not do anything. If not, tell your administrator at once.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'How you sign in was changed',
    paragraphs: [
      `${changes[change]} This happened on ${at}.`,
      'If this was not you, change your password at once and tell your administrator.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Many failed attempts to sign in',
    paragraphs: [
      `On ${at} somebody tried many times in vain to sign in to your Offhook account. Further attempts from there are refused for a while.`,
      'You can still sign in. If this was you, choose a new password with “Forgot password”.',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook is suspended for ${tenantName}`,
    paragraphs: [
      `Your provider has suspended the service for ${tenantName}.`,
      `The reason given: ${reason}`,
      'Emergency calls still work, and running calls are not cut. You can still sign in as administrator. Please contact your provider.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `About your telephone system at ${connectorName}`,
    paragraphs: [`A notice about “${connectorName}” of ${tenantName}:`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `A log bundle from ${sender}`,
    paragraphs: [
      `${sender} of ${tenantName} asks for help with the phone and sends a log bundle.`,
      ...(note === '' ? [] : [`They write: ${note}`]),
      'The file is attached. It has no passwords, no digits that were dialled in calls, no names, and of numbers the last two digits.',
    ],
  }),
};
