import { Button, Progress, Title } from '@mantine/core';
import { checkIds, type CheckId, type CheckReport, type CheckResult } from '@offhook/phone-core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { deviceChecks, playTone } from '../browser/device-checks.ts';
import { useSound } from '../sound/SoundContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import classes from './CheckPanel.module.css';
import { SupportSection } from './SupportSection.tsx';

/** Whether everything that a call needs works: one line for each part, as it is tested, with what to do. */
export default function CheckPanel() {
  const { t } = useWords();
  const { running, reports, level, question, start } = useSelfTest();
  const done = new Map(reports.map(({ id, result }) => [id, result]));
  const finished = running === undefined && reports.length > 0;
  return (
    <div className={classes['panel']}>
      <Title order={2} id="check-title" className={classes['title'] ?? ''}>
        {t('check.title')}
      </Title>
      <p className={classes['hint']}>{t('check.intro')}</p>
      <Button onClick={start} disabled={running !== undefined} mx={24}>
        {t(running === undefined ? (finished ? 'check.again' : 'check.start') : 'check.running')}
      </Button>
      <ul className={classes['list']} aria-busy={running !== undefined}>
        {checkIds.map((id) => (
          <CheckLine key={id} id={id} running={running === id} result={done.get(id)} level={level}>
            {running === id && question !== undefined ? (
              <span className={classes['question']}>
                {t('check.heard')}
                <Button size="xs" onClick={() => question(true)}>
                  {t('check.yes')}
                </Button>
                <Button size="xs" variant="default" onClick={() => question(false)}>
                  {t('check.no')}
                </Button>
              </span>
            ) : null}
          </CheckLine>
        ))}
      </ul>
      <SupportSection checks={reports} />
    </div>
  );
}

interface SelfTest {
  readonly running: CheckId | undefined;
  readonly reports: readonly CheckReport[];
  readonly level: number;
  readonly question: ((heard: boolean) => void) | undefined;
  readonly start: () => void;
}

function useSelfTest(): SelfTest {
  const { diagnostics } = usePhone();
  const { microphones } = useSound();
  const [running, setRunning] = useState<CheckId>();
  const [reports, setReports] = useState<readonly CheckReport[]>([]);
  const [level, setLevel] = useState(0);
  const [question, setQuestion] = useState<(heard: boolean) => void>();
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);

  async function run(): Promise<void> {
    const own = new AbortController();
    leaving.current?.abort();
    leaving.current = own;
    setReports([]);
    setLevel(0);
    const device = {
      ...deviceChecks(microphones),
      onLevel: setLevel,
      askHeard: async (signal: AbortSignal) => {
        await playTone();
        return new Promise<boolean>((resolve) => {
          setQuestion(() => resolve);
          signal.addEventListener('abort', () => resolve(false), { once: true });
        });
      },
    };
    const told = {
      onBegin: setRunning,
      onEnd: (report: CheckReport) => {
        setReports((before) => [...before, report]);
        setQuestion(undefined);
      },
    };
    await diagnostics.run(device, told, own.signal);
    if (!own.signal.aborted) setRunning(undefined);
  }
  return { running, reports, level, question, start: () => void run() };
}

interface CheckLineProps {
  readonly id: CheckId;
  readonly running: boolean;
  readonly result: CheckResult | undefined;
  readonly level: number;
  readonly children: React.ReactNode;
}

function CheckLine({ id, running, result, level, children }: CheckLineProps) {
  const { t } = useWords();
  const ms = result?.facts['ms'];
  return (
    <li className={classes['line']} data-outcome={result?.outcome}>
      <OutcomeIcon running={running} result={result} />
      <div className={classes['words']}>
        <strong>{t(`check.name.${id}`)}</strong>
        <span aria-live="polite">
          {result === undefined
            ? t(running ? 'check.testing' : 'check.waiting')
            : t(`check.finding.${result.finding}`)}
          {typeof ms === 'number' ? ` (${t('quality.ms', { value: ms })})` : null}
        </span>
        {running && id === 'microphone' ? (
          <Progress
            value={Math.min(100, level * 300)}
            aria-label={t('check.level')}
            transitionDuration={80}
          />
        ) : null}
        {children}
        {result === undefined || result.outcome === 'good' ? null : (
          <span className={classes['todo']}>{t(`check.todo.${id}`)}</span>
        )}
      </div>
    </li>
  );
}

function OutcomeIcon({
  running,
  result,
}: {
  readonly running: boolean;
  readonly result: CheckResult | undefined;
}) {
  if (running) return <IconLoader2 className={classes['spin']} size={22} stroke={1.8} />;
  switch (result?.outcome) {
    case undefined:
      return <IconCircleDashed size={22} stroke={1.8} />;
    case 'good':
      return <IconCircleCheck size={22} stroke={1.8} />;
    case 'warn':
      return <IconAlertTriangle size={22} stroke={1.8} />;
    case 'bad':
      return <IconCircleX size={22} stroke={1.8} />;
  }
}
