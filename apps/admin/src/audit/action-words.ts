import { AuditAction } from '@offhook/contract';
import type { Translate } from '../i18n/use-words.ts';
import type { WordKey } from '../words/keys.ts';

const isKnown = (action: string): action is AuditAction =>
  (AuditAction.options as readonly string[]).includes(action);

/** What was done, in words; an act that is newer than this page, or older than the words, is shown as the log names it. */
export function actionWords(t: Translate, action: string): string {
  return isKnown(action) ? t(`audit.action.${action}` satisfies WordKey) : action;
}

/** What a list can be narrowed to: all that was done to one kind of thing. */
export const actionGroups = ['user', 'import', 'connector', 'api_key', 'sso', 'tenant', 'account'] as const;
