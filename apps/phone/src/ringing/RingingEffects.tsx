import { isMissed } from '@offhook/contract';
import type { PhoneState } from '@offhook/phone-core';
import { useEffect } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { partyWords } from '../words/party.ts';
import { soundUnlessHeard } from './early-media.ts';
import { setFavicon } from './favicon.ts';
import { useMissedBadge } from './use-missed-badge.ts';
import { notifyRinging } from './notification.ts';
import { tones } from './tones.ts';
import { useLeads } from '../windows/leader.ts';
import { ringingCall, talkingCall, whatSounds } from './what-sounds.ts';

/** What a person notices without looking at the page: sound, title, icon and notification. Draws nothing. */
export function RingingEffects() {
  useUnlock();
  useSound();
  useTitle();
  useNotification();
  useMissedBadge();
  return null;
}

function useUnlock(): void {
  useEffect(() => {
    const unlock = () => tones.unlock();
    const listeners = new AbortController();
    for (const gesture of ['pointerdown', 'keydown']) {
      window.addEventListener(gesture, unlock, { signal: listeners.signal, capture: true });
    }
    return () => listeners.abort();
  }, []);
}

function useSound(): void {
  const { store } = usePhone();
  const leads = useLeads();
  const sound = usePhoneState(whatSounds);
  useEffect(() => {
    if (sound === undefined) return undefined;
    const play = (): (() => void) => tones.play(sound);
    switch (sound) {
      case 'ring':
      case 'waiting':
        return leads ? play() : undefined;
      case 'ringback':
        return soundUnlessHeard(tones.context, () => remoteStreams(store.getState()), play);
      case 'busy':
        return play();
    }
  }, [sound, leads, store]);
}

function remoteStreams(state: PhoneState): readonly MediaStream[] {
  return Object.values(state.voices).flatMap(({ remoteAudio }) =>
    remoteAudio instanceof MediaStream ? [remoteAudio] : [],
  );
}

function useTitle(): void {
  const { t } = useWords();
  const ringing = usePhoneState(ringingCall);
  const talking = usePhoneState(talkingCall);
  useEffect(() => {
    const call = ringing ?? talking;
    const who = call === undefined ? '' : (partyWords(call.remote).title ?? t('call.unknownCaller'));
    const words = ringing !== undefined ? t('title.ringing', { who }) : t('title.inCall', { who });
    document.title = call === undefined ? t('app.name') : `${words} · ${t('app.name')}`;
    setFavicon(ringing !== undefined ? 'ringing' : talking !== undefined ? 'talking' : 'idle');
  }, [ringing, talking, t]);
}

function useNotification(): void {
  const { t } = useWords();
  const { store } = usePhone();
  const leads = useLeads();
  const callId = usePhoneState((state) => ringingCall(state)?.callId);
  const party = usePhoneState((state) => ringingCall(state)?.remote);
  useEffect(() => {
    if (!leads || callId === undefined || party === undefined) return undefined;
    const { title, detail } = partyWords(party);
    const { name, number } = party;
    const call = { kind: 'ringing', callId, number, ...(name === undefined ? {} : { name }) } as const;
    let close = (_missed: boolean): void => {};
    const show = (): void => {
      close(false);
      const who = title ?? t('call.unknownCaller');
      close = notifyRinging(call, t('notify.title', { who }), detail ?? '');
    };
    show();
    document.addEventListener('visibilitychange', show);
    return () => {
      document.removeEventListener('visibilitychange', show);
      const now = store.getState().calls.find((one) => one.callId === callId);
      close(now?.state.name === 'ended' && isMissed(now.state));
    };
    // The party is the same for as long as the call is; a new object for it is no news.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [leads, callId, t]);
}
