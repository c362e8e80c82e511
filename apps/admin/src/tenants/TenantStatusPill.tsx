import type { TenantStatus } from '@offhook/contract';
import { useWords } from '../i18n/use-words.ts';
import { StatusPill, type Tone } from '../shared/StatusPill.tsx';

const tones = {
  invited: 'wait',
  active: 'good',
  suspended: 'bad',
  deleting: 'bad',
} as const satisfies Record<TenantStatus, Tone>;

export function TenantStatusPill({ status }: { readonly status: TenantStatus }) {
  const { t } = useWords();
  return <StatusPill tone={tones[status]}>{t(`tenants.status.${status}`)}</StatusPill>;
}
