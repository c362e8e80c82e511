import { isMuted, isRingingHere, type CallActivity, type KnownCall } from '@offhook/phone-core';
import { PersonAvatar, PresenceDot } from '@offhook/ui';
import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence, useWatched } from '../presence/use-watched.ts';
import { statusWords } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import { CallTimer } from './CallTimer.tsx';
import classes from './CallCard.module.css';
import { partiesOf } from './Members.tsx';
import type { StageItem } from './stage.ts';

export interface CardHeadProps {
  readonly calls: StageItem;
  readonly conference: boolean;
  readonly activity: CallActivity;
  readonly compact: boolean;
  /** Where the call is. */
  readonly place: ReactNode;
}

/** Who it is, and how it stands with the call. */
export function CardHead({ calls, conference, activity, compact, place }: CardHeadProps) {
  const { t } = useWords();
  const [call] = calls;
  const muted = usePhoneState((state) => isMuted(state, call));
  const ringing = usePhoneState((state) => isRingingHere(state, call));
  const ended = call.state.name === 'ended';
  const status = statusWords(call, activity.pending === 'hangUp');
  const { title, detail } = conference ? conferenceWords(t, calls) : personWords(t, call);
  return (
    <div className={classes['person']}>
      {conference ? (
        <Portraits calls={calls} compact={compact} />
      ) : (
        <Portrait call={call} compact={compact} />
      )}
      <div className={classes['words']}>
        {ringing && !compact ? <span className={classes['kicker']}>{t('call.incoming')}</span> : null}
        <span className={classes['name']}>{title}</span>
        {detail === undefined || compact ? null : <span className={classes['number']}>{detail}</span>}
        <Background call={call} />
        <span className={classes['state']}>
          <span role="status" className={classes['status']}>
            {status.cause === undefined ? t(status.key) : t(status.key, { words: t(status.cause) })}
          </span>
          <CallTimer call={call} />
          {muted && !ended ? <span className={classes['tag']}>{t('call.muted')}</span> : null}
          {ended ? null : place}
        </span>
        {call.position === 'parked' && call.parkedAt !== undefined && !ended ? (
          <span className={classes['background']}>{t('position.takeBack', { number: call.parkedAt })}</span>
        ) : null}
      </div>
    </div>
  );
}

/** How this call came about, where that helps: forwarded by somebody, or placed to ask about somebody. */
function Background({ call }: { readonly call: KnownCall }) {
  const { t } = useWords();
  const about = usePhoneState((state) =>
    state.calls.find((one) => one.callId === call.consultationFor && one.state.name !== 'ended'),
  );
  if (call.divertedBy !== undefined) {
    const who = partyWords(call.divertedBy).title ?? t('call.unknownCaller');
    return <span className={classes['background']}>{t('call.divertedBy', { who })}</span>;
  }
  if (about === undefined || call.state.name === 'ended') return null;
  const who = partyWords(about.remote).title ?? t('call.unknownCaller');
  return <span className={classes['background']}>{t('call.consultingAbout', { who })}</span>;
}

function Portrait({ call, compact }: { readonly call: KnownCall; readonly compact: boolean }) {
  const ringing = usePhoneState((state) => isRingingHere(state, call));
  const { userId, name } = call.remote;
  useWatched(userId === undefined ? [] : [userId]);
  const presence = usePresence(userId);
  return (
    <span>
      <PersonAvatar
        name={name}
        size={compact ? 48 : 96}
        ringing={ringing}
        badge={presence && <PresenceDot state={presence.state} />}
      />
      {presence === undefined ? null : (
        <VisuallyHidden>
          <PresenceText presence={presence} />
        </VisuallyHidden>
      )}
    </span>
  );
}

/** More than that would be too small to tell who they are. */
const PORTRAITS = 3;

function Portraits({ calls, compact }: { readonly calls: StageItem; readonly compact: boolean }) {
  return (
    <span className={classes['portraits']}>
      {partiesOf(calls)
        .slice(0, PORTRAITS)
        .map(({ number, name }) => (
          <PersonAvatar key={`${number} ${name ?? ''}`} name={name} size={compact ? 40 : 64} />
        ))}
    </span>
  );
}

type Translate = ReturnType<typeof useWords>['t'];

function personWords(t: Translate, call: KnownCall): { title: string; detail: string | undefined } {
  const { title, detail } = partyWords(call.remote);
  return { title: title ?? t('call.unknownCaller'), detail };
}

function conferenceWords(t: Translate, calls: StageItem): { title: string; detail: string | undefined } {
  return {
    title: t('conference.title'),
    detail: t('conference.count', { count: partiesOf(calls).length }),
  };
}
