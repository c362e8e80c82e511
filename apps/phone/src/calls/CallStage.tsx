import type { PhoneState, RatingQuestion } from '@offhook/phone-core';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { lazy, Suspense, useMemo } from 'react';
import { AttemptCard } from './AttemptCard.tsx';
import { CallCard } from './CallCard.tsx';
import classes from './CallStage.module.css';
import { stageOf, type StageItem } from './stage.ts';

const RatingCard = lazy(() => import('../quality/RatingCard.tsx'));

/** Once no card is left that it would push about. */
function LastCall({ question }: { readonly question: RatingQuestion }) {
  return (
    <div className={classes['stage']}>
      <Suspense fallback={null}>
        <RatingCard key={question.reportId} question={question} />
      </Suspense>
    </div>
  );
}

/** All calls, the one that matters most first and large. */
export function CallStage() {
  const items = useStage();
  const attempts = usePhoneState((state) => state.attempts);
  const large = attempts.length > 0 ? undefined : items[0]?.[0].callId;
  const cards = attempts.length + items.length;
  const rated = usePhoneState((state) => state.rating);
  if (cards === 0) return rated === undefined ? null : <LastCall question={rated} />;
  return (
    <div className={classes['stage']}>
      {attempts.map((attempt) => (
        <AttemptCard key={attempt.correlationId} attempt={attempt} />
      ))}
      {items.map((item) => (
        <CallCard key={item[0].callId} calls={item} compact={item[0].callId !== large} crowded={cards > 1} />
      ))}
    </div>
  );
}

function useStage(): readonly StageItem[] {
  const calls = usePhoneState((state: PhoneState) => state.calls);
  const activities = usePhoneState((state: PhoneState) => state.activities);
  const { store } = usePhone();
  return useMemo(() => stageOf({ ...store.getState(), calls, activities }), [store, calls, activities]);
}
