import { Button } from '@mantine/core';
import { IconMicrophone, IconPlayerRecord, IconPlayerStop } from '@tabler/icons-react';
import { useWords } from '../../i18n/use-words.ts';
import { LevelBar } from './LevelBar.tsx';
import classes from './SoundSettings.module.css';
import { useMicrophoneTest } from './use-microphone-test.ts';

/** The level, and five seconds to hear oneself as others do. */
export function MicrophoneTest() {
  const { t } = useWords();
  const { phase, db, problem, start, record, stop } = useMicrophoneTest();
  return (
    <div className={classes['test']}>
      {phase === 'off' ? (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconMicrophone size={16} stroke={1.8} />}
          onClick={start}
        >
          {t('sound.test')}
        </Button>
      ) : (
        <>
          <LevelBar db={db} />
          <div className={classes['buttons']}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerRecord size={15} stroke={1.8} />}
              // Stays where the focus is: a disabled button would lose it.
              onClick={() => phase === 'listening' && record()}
              aria-disabled={phase !== 'listening'}
            >
              {t('sound.record')}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              leftSection={<IconPlayerStop size={15} stroke={1.8} />}
              onClick={stop}
            >
              {t('sound.testStop')}
            </Button>
          </div>
        </>
      )}
      <p className={classes['hint']} aria-live="polite">
        {phase === 'recording' ? t('sound.recording') : phase === 'playing' ? t('sound.playing') : ''}
      </p>
      {problem === undefined ? null : (
        <p className={classes['problem']} role="alert">
          <strong>{t(`microphone.${problem}`)}</strong> {t(`microphone.${problem}.hint`)}
        </p>
      )}
    </div>
  );
}
