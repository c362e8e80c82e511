import { ActionIcon, Button } from '@mantine/core';
import type { CallService } from '@offhook/contract';
import { permits, type CallActivity, type KnownCall } from '@offhook/phone-core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { NumberField } from '../dial/NumberField.tsx';
import type { Suggestion } from '../dial/suggestion.ts';
import { useSuggestions } from '../dial/use-suggestions.ts';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import { looksLikeNumber, partyWords, readableNumber } from '../words/party.ts';
import type { CardPanel } from './service-buttons.ts';
import classes from './TargetPanel.module.css';

export type TargetMode = Exclude<CardPanel, 'keypad'>;

export interface TargetPanelProps {
  readonly mode: TargetMode;
  readonly call: KnownCall;
  readonly activity: CallActivity;
  readonly onClose: () => void;
}

interface Target {
  readonly to: string;
  readonly name: string | undefined;
}

interface Way {
  readonly service: CallService;
  readonly label: WordKey;
  readonly run: (target: Target) => void;
}

/** Whom a call goes to: a person found as one types, or a number; and the ways on. */
export function TargetPanel({ mode, call, activity, onClose }: TargetPanelProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Target>();
  const [message, setMessage] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const { entries: found } = useSuggestions(text);
  // Nobody is handed over to themselves.
  const entries = found.filter(({ number }) => number !== call.remote.number);
  const ways = useWays(mode, call, onClose);
  const who = partyWords(call.remote).title ?? t('call.unknownCaller');
  const typed = text.trim();
  const target = chosen ?? (looksLikeNumber(typed) ? { to: typed, name: undefined } : undefined);

  // Whoever opens the panel goes on typing.
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (chosen !== undefined) first.current?.focus();
  }, [chosen]);

  const choose = ({ number, name }: Suggestion): void => {
    if (number === undefined) {
      setMessage(t('dial.noNumber', { name: name ?? '' }));
      return;
    }
    setText(name ?? number);
    setMessage(undefined);
    setChosen({ to: number, name });
  };
  const submit = (): void => {
    const [only] = entries;
    if (target !== undefined) first.current?.focus();
    else if (only !== undefined && entries.length === 1) choose(only);
    else setMessage(t('target.choose'));
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return (
    // Escape belongs to the panel wherever the focus is in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={classes['panel']}
      data-service={mode}
      role="group"
      aria-label={t(`target.${mode}`, { who })}
      onKeyDown={keyDown}
    >
      <div className={classes['head']}>
        <span className={classes['title']}>{t(`target.${mode}`, { who })}</span>
        <ActionIcon variant="subtle" color="gray" aria-label={t('target.close')} onClick={onClose}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <NumberField
        ref={field}
        label={t('target.field')}
        text={text}
        entries={chosen === undefined ? entries : []}
        inline
        onChange={(next) => {
          setText(next);
          setChosen(undefined);
          setMessage(undefined);
        }}
        onChoose={choose}
        onSubmit={submit}
        onEscape={onClose}
      />
      {message === undefined ? null : (
        <span role="alert" className={classes['message']}>
          {message}
        </span>
      )}
      <div className={classes['ways']}>
        {ways.map(({ service, label, run }, at) => (
          <Button
            key={service}
            ref={at === 0 ? first : undefined}
            size="md"
            px={10}
            variant={at === 0 ? 'filled' : 'light'}
            aria-disabled={target === undefined || undefined}
            data-off={target === undefined || undefined}
            loading={activity.pending === service}
            aria-description={target === undefined ? t('target.choose') : targetText(t, target)}
            onClick={() => {
              if (target === undefined) setMessage(t('target.choose'));
              else run(target);
            }}
          >
            {t(label)}
          </Button>
        ))}
      </div>
      {target !== undefined ? (
        <span className={classes['target']}>{targetText(t, target)}</span>
      ) : mode === 'consult' ? (
        <span className={classes['target']}>{t('target.hint', { who })}</span>
      ) : null}
    </div>
  );
}

function targetText(t: ReturnType<typeof useWords>['t'], { to, name }: Target): string {
  const number = readableNumber(to);
  return t('target.to', { who: name === undefined ? number : `${name} · ${number}` });
}

function useWays(mode: TargetMode, call: KnownCall, onClose: () => void): readonly Way[] {
  const { calls } = usePhone();
  const { callId } = call;
  const transfer: Way = {
    service: 'transfer',
    label: 'target.now',
    run: ({ to }) => void calls.transfer(callId, to),
  };
  const consult = (label: WordKey): Way => ({
    service: 'consult',
    label,
    run: ({ to, name }) => {
      onClose();
      void calls.consult(callId, to, name);
    },
  });
  const deflect: Way = {
    service: 'deflect',
    label: 'target.send',
    run: ({ to }) => void calls.deflect(callId, to),
  };
  const ways = {
    transfer: [transfer, consult('target.ask')],
    consult: [consult('target.call')],
    deflect: [deflect],
  } as const satisfies Record<TargetMode, readonly Way[]>;
  return ways[mode].filter((way) => permits(call, way.service));
}
