import type { Presence } from '@offhook/contract';
import { useWords } from '../i18n/use-words.ts';
import { presenceWords } from './presence-words.ts';

/** A person's state in words, with what their telephone does. */
export function PresenceText({ presence }: { readonly presence: Presence }) {
  const { t } = useWords();
  const { state, line } = presenceWords(presence);
  return line === undefined ? t(state) : `${t(state)} · ${t(line)}`;
}
