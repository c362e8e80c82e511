import { cloudTime, type KnownCall } from '@offhook/phone-core';
import { useWords } from '../i18n/use-words.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useNow } from '../app/use-now.ts';
import { clockTime } from '../words/time.ts';

/** How long people have been talking; at the end, how long they did. */
export function CallTimer({ call }: { readonly call: KnownCall }) {
  const { t } = useWords();
  const { state } = call;
  const running = state.name === 'connected' || state.name === 'held';
  const now = useNow(running);
  const offset = usePhoneState((phone) => cloudTime(phone, 0));
  const answeredAt = 'answeredAt' in state ? state.answeredAt : undefined;
  if (answeredAt === undefined) return null;
  const until = state.name === 'ended' ? state.endedAt : now + offset;
  return (
    <span role="timer" aria-label={t('call.duration')}>
      {clockTime(until - answeredAt)}
    </span>
  );
}
