import { Center, Loader } from '@mantine/core';
import { Blank } from '@offhook/ui';
import { IconCloudOff } from '@tabler/icons-react';
import { useWords } from '../i18n/use-words.ts';
import { Announcer } from '../announcer/Announcer.tsx';
import { RemoteAudios } from '../calls/RemoteAudios.tsx';
import { useNumberFormat } from '../words/number-format.ts';
import { HeadsetEffects } from '../headset/HeadsetEffects.tsx';
import { RingingEffects } from '../ringing/RingingEffects.tsx';
import { PhonePage } from '../shell/PhonePage.tsx';
import { SignInPage } from '../signin/SignInPage.tsx';
import { SoundNotices } from '../sound/SoundNotices.tsx';
import { TryNow } from '../shell/TryNow.tsx';
import { usePhoneState } from './PhoneContext.tsx';

/** One page at a time, by who is signed in. The voices play whatever is on the screen. */
export function App() {
  useNumberFormat();
  return (
    <>
      <Page />
      <RemoteAudios />
      <SoundNotices />
      <RingingEffects />
      <Announcer />
      <HeadsetEffects />
    </>
  );
}

function Page() {
  const { t } = useWords();
  const session = usePhoneState((state) => state.session);
  switch (session.name) {
    case 'unknown':
      return (
        <Center h="100dvh">
          <Loader role="progressbar" aria-label={t('app.loading')} />
        </Center>
      );
    case 'unreachable':
      return (
        <Center h="100dvh">
          <Blank
            icon={<IconCloudOff size={40} stroke={1.5} />}
            title={t('app.unreachable')}
            hint={t('app.unreachable.hint')}
            action={<TryNow />}
          />
        </Center>
      );
    case 'signedOut':
      return <SignInPage reason={session.reason} />;
    case 'signedIn':
      return <PhonePage me={session.me} />;
  }
}
