import type { UserStatus } from '@offhook/contract';
import { useWords } from '../i18n/use-words.ts';
import { StatusPill, type Tone } from '../shared/StatusPill.tsx';

const tones = {
  active: 'good',
  invited: 'wait',
  disabled: 'quiet',
  deleted: 'bad',
} as const satisfies Record<UserStatus, Tone>;

export function UserStatusPill({ status }: { readonly status: UserStatus }) {
  const { t } = useWords();
  return <StatusPill tone={tones[status]}>{t(`users.status.${status}`)}</StatusPill>;
}
