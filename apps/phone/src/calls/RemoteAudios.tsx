import { Button } from '@mantine/core';
import { deviceFor, type RemoteAudio } from '@offhook/phone-core';
import { IconVolume } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { playAt } from '../browser/outputs.ts';
import { useWords } from '../i18n/use-words.ts';
import { useDevicesState } from '../sound/SoundContext.tsx';
import classes from './RemoteAudios.module.css';

type Players = ReadonlyMap<string, HTMLAudioElement>;

/** One player for each call's voice, whatever page is shown. */
export function RemoteAudios() {
  const voices = usePhoneState((state) => state.voices);
  // Those that the browser keeps silent until the person touches the page.
  const [silent, setSilent] = useState<Players>(new Map());

  const note = useCallback((callId: string, player: HTMLAudioElement | undefined): void => {
    setSilent((before) => {
      if (before.get(callId) === player) return before;
      const others = [...before].filter(([id]) => id !== callId);
      return new Map(player === undefined ? others : [...others, [callId, player]]);
    });
  }, []);

  return (
    <>
      {Object.entries(voices).map(([callId, { remoteAudio }]) =>
        remoteAudio === undefined ? null : (
          <Player key={callId} callId={callId} remoteAudio={remoteAudio} onSilent={note} />
        ),
      )}
      {silent.size === 0 ? null : <TapToHear onTap={() => silent.forEach((player) => void player.play())} />}
    </>
  );
}

interface PlayerProps {
  readonly callId: string;
  readonly remoteAudio: RemoteAudio;
  readonly onSilent: (callId: string, player: HTMLAudioElement | undefined) => void;
}

function Player({ callId, remoteAudio, onSilent }: PlayerProps) {
  const ref = useRef<HTMLAudioElement>(null);
  const speaker = useDevicesState((state) => deviceFor(state, 'speaker')?.id ?? '');
  useEffect(() => {
    if (ref.current !== null) void playAt(ref.current, speaker);
  }, [speaker]);
  useEffect(() => {
    const player = ref.current;
    if (player === null || !(remoteAudio instanceof MediaStream)) return undefined;
    const playing = (): void => onSilent(callId, undefined);
    player.addEventListener('playing', playing);
    player.srcObject = remoteAudio;
    player.play().catch((thrown: unknown) => {
      // Browsers refuse sound before the first gesture, e.g. after a reload; anything else is the start of a newer stream.
      if (thrown instanceof DOMException && thrown.name === 'NotAllowedError') onSilent(callId, player);
    });
    return () => {
      player.removeEventListener('playing', playing);
      player.srcObject = null;
      onSilent(callId, undefined);
    };
  }, [callId, remoteAudio, onSilent]);
  // A voice has no captions.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  return <audio ref={ref} autoPlay hidden data-testid="remote-audio" data-call-id={callId} />;
}

export function TapToHear({ onTap }: { readonly onTap: () => void }) {
  const { t } = useWords();
  return (
    <div className={classes['tap']}>
      <Button size="lg" radius="xl" leftSection={<IconVolume size={22} />} onClick={onTap}>
        {t('call.tapToHear')}
      </Button>
    </div>
  );
}
