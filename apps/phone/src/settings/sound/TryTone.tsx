import { ActionIcon } from '@mantine/core';
import { deviceFor, type Role } from '@offhook/phone-core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useWords } from '../../i18n/use-words.ts';
import { tones } from '../../ringing/tones.ts';
import { useDevicesState } from '../../sound/SoundContext.tsx';

/** Plays one round there, as loud as it would ring. */
export function TryTone({ of: role }: { readonly of: Exclude<Role, 'microphone'> }) {
  const { t } = useWords();
  const id = useDevicesState((state) => deviceFor(state, role)?.id);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);
  const name = t(`sound.try.${role}`);
  return (
    <ActionIcon
      variant="default"
      size={36}
      aria-label={name}
      title={name}
      disabled={id === undefined}
      onClick={() => {
        stop.current?.();
        tones.unlock();
        stop.current = tones.try(id ?? '', role === 'speaker' ? 'voice' : 'ring');
      }}
    >
      <IconPlayerPlay size={17} stroke={1.8} />
    </ActionIcon>
  );
}
