import { Button, CloseButton } from '@mantine/core';
import { isActiveHere, type DeviceNotice } from '@offhook/phone-core';
import { IconHeadphones, IconHeadphonesOff, IconMicrophoneOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords, type Translate } from '../i18n/use-words.ts';
import { useDevicesState, useEar, useSound } from './SoundContext.tsx';
import classes from './SoundNotices.module.css';

/** One thing at a time: that nobody hears what is said comes before any device. */
export function SoundNotices() {
  const signedIn = usePhoneState((state) => state.session.name === 'signedIn');
  const mutedSpeech = useEar((ear) => ear.mutedSpeech);
  const notice = useDevicesState((state) => state.notice);
  return (
    <div className={classes['place']} aria-live="polite">
      {mutedSpeech ? <Muted /> : signedIn && notice !== undefined ? <Told notice={notice} /> : null}
    </div>
  );
}

function Muted() {
  const { t } = useWords();
  const phone = usePhone();
  const callId = usePhoneState(
    (state) => state.calls.find((call) => isActiveHere(call) && call.state.name === 'connected')?.callId,
  );
  if (callId === undefined) return null;
  const unmute = (
    <Button size="xs" onClick={() => void phone.calls.setMuted(callId, false)}>
      {t('devices.unmute')}
    </Button>
  );
  return (
    <Card
      icon={<IconMicrophoneOff size={20} stroke={1.8} />}
      text={t('devices.mutedSpeech')}
      actions={unmute}
    />
  );
}

function Told({ notice }: { readonly notice: DeviceNotice }) {
  const { t } = useWords();
  const { devices } = useSound();
  const Icon = notice.name === 'lost' ? IconHeadphonesOff : IconHeadphones;
  const actions =
    notice.name === 'arrived' ? (
      <>
        <Button size="xs" onClick={() => devices.answer(true)}>
          {t('devices.use')}
        </Button>
        <Button size="xs" variant="default" onClick={() => devices.answer(false)}>
          {t('devices.notNow')}
        </Button>
      </>
    ) : (
      <CloseButton size="sm" aria-label={t('app.dismiss')} onClick={() => devices.answer(false)} />
    );
  return <Card icon={<Icon size={20} stroke={1.8} />} text={noticeWords(notice, t)} actions={actions} />;
}

function noticeWords(notice: DeviceNotice, t: Translate): string {
  const { label: device } = notice;
  switch (notice.name) {
    case 'arrived':
      return t('devices.arrived', { device });
    case 'taken':
      return t('devices.taken', { device });
    case 'lost':
      return notice.now === undefined
        ? t('devices.lost', { device })
        : t('devices.lostNow', { device, now: notice.now });
  }
}

interface CardProps {
  readonly icon: ReactNode;
  readonly text: string;
  readonly actions: ReactNode;
}

function Card({ icon, text, actions }: CardProps) {
  return (
    <div className={classes['card']}>
      {icon}
      <span className={classes['text']}>{text}</span>
      <div className={classes['actions']}>{actions}</div>
    </div>
  );
}
