import { Button, Chip, Rating } from '@mantine/core';
import { RatingReason } from '@offhook/contract';
import type { RatingQuestion, TroubleKind } from '@offhook/phone-core';
import { useState } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { partyWords } from '../words/party.ts';
import classes from './RatingCard.module.css';

/** Below this many stars it is worth asking what was wrong. */
const SATISFIED = 4;

/** What the last call was like: a few stars, and with few of them the reasons. It can be left alone. */
export default function RatingCard({ question }: { readonly question: RatingQuestion }) {
  const { t } = useWords();
  const { quality } = usePhone();
  const [stars, setStars] = useState(0);
  const [reasons, setReasons] = useState<readonly RatingReason[]>(() => suspected(question.troubles));
  const who = partyWords(question.remote).title ?? t('call.unknownCaller');
  const asksWhy = stars > 0 && stars < SATISFIED;
  return (
    <section className={classes['card']} aria-labelledby="rating-title">
      <h2 id="rating-title" className={classes['title']}>
        {t('rating.title')}
      </h2>
      <p className={classes['hint']}>{t('rating.hint', { who })}</p>
      <Rating
        size="xl"
        value={stars}
        onChange={setStars}
        aria-label={t('rating.stars')}
        getSymbolLabel={(value) => t('rating.star', { value })}
      />
      {asksWhy ? (
        <fieldset className={classes['reasons']}>
          <legend>{t('rating.what')}</legend>
          <Chip.Group multiple value={[...reasons]} onChange={(chosen) => setReasons(known(chosen))}>
            {RatingReason.options.map((reason) => (
              <Chip key={reason} value={reason} size="sm">
                {t(`rating.reason.${reason}`)}
              </Chip>
            ))}
          </Chip.Group>
        </fieldset>
      ) : null}
      <div className={classes['actions']}>
        <Button variant="default" onClick={() => quality.dismissRating()}>
          {t('rating.later')}
        </Button>
        <Button disabled={stars === 0} onClick={() => void quality.rate(stars, asksWhy ? reasons : [])}>
          {t('rating.send')}
        </Button>
      </div>
    </section>
  );
}

function known(values: readonly string[]): readonly RatingReason[] {
  return RatingReason.options.filter((reason) => values.includes(reason));
}

/** What the phone noticed itself is marked already. */
function suspected(troubles: readonly TroubleKind[]): readonly RatingReason[] {
  return known(troubles.map((trouble) => reasonOf[trouble]));
}

const reasonOf: Readonly<Record<TroubleKind, RatingReason>> = {
  gaps_up: 'gaps',
  gaps_down: 'gaps',
  delay: 'delay',
  microphone_silent: 'one_way',
  nothing_arrives: 'one_way',
  nothing_heard: 'one_way',
};
