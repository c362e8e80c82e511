import { OffhookError } from '@offhook/contract';
import type { Translate } from '../i18n/use-words.ts';
import type { WordKey } from '../words/keys.ts';

/** Acts that have words of their own; one that is newer than this page is shown as the log names it. */
const worded = [
  'account.password_changed',
  'account.passkey_added',
  'account.totp_on',
  'account.recovery_codes',
  'account.recovery_used',
  'account.sessions_ended',
  'api_key.create',
  'api_key.regenerate',
  'api_key.revoke',
  'audit.export',
  'connector.create',
  'connector.change',
  'connector.delete',
  'connector.drain',
  'connector.resume',
  'connector.finding',
  'import.apply',
  'import.undo',
  'invitation.accept',
  'sso.create',
  'sso.change',
  'sso.remove',
  'sso.test',
  'tenant.create',
  'tenant.activate',
  'tenant.change',
  'tenant.suspend',
  'tenant.resume',
  'tenant.delete',
  'tenant.restore',
  'user.create',
  'user.change',
  'user.disable',
  'user.enable',
  'user.delete',
  'user.restore',
  'user.erase',
  'user.export',
  'user.invite',
  'user.send_reset',
  'user.sign_out',
] as const;
type Worded = (typeof worded)[number];

const isWorded = (action: string): action is Worded => (worded as readonly string[]).includes(action);

export function actionWords(t: Translate, action: string): string {
  return isWorded(action) ? t(`audit.action.${action}` satisfies WordKey) : action;
}

/** What a list can be narrowed to: all that was done to one kind of thing. */
export const actionGroups = ['user', 'import', 'connector', 'api_key', 'sso', 'tenant', 'account'] as const;

/** A value of the log as one line. */
export function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '–';
    case 'object':
      return value === null ? '–' : JSON.stringify(value);
    default:
      throw new OffhookError('internal');
  }
}
