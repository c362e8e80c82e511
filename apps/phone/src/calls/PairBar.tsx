import { Button } from '@mantine/core';
import type { CallService } from '@offhook/contract';
import type { CallActivity } from '@offhook/phone-core';
import { useWords, type Translate } from '../i18n/use-words.ts';
import { ariaShortcut } from '../shortcuts/shortcuts.ts';
import { partyWords } from '../words/party.ts';
import classes from './PairBar.module.css';
import { press, serviceButtons, servicesInOrder, type Pressed } from './service-buttons.ts';

export interface PairBarProps {
  readonly pressed: Pressed;
  readonly drawn: readonly CallService[];
  readonly activity: CallActivity;
}

/** What can be done with a call that waits and the one beside it. */
export function PairBar({ pressed, drawn, activity }: PairBarProps) {
  const { t } = useWords();
  const shown = servicesInOrder.filter(
    (service) => serviceButtons[service].place === 'pair' && drawn.includes(service),
  );
  if (shown.length === 0) return null;
  return (
    <div className={classes['bar']}>
      {shown.map((service) => {
        const { icon: Symbol, label, shortcut } = serviceButtons[service];
        return (
          <Button
            key={service}
            data-service={service}
            size="sm"
            radius="xl"
            classNames={{ label: classes['label'] ?? '' }}
            variant={service === 'alternate' ? 'light' : 'default'}
            leftSection={<Symbol size={17} stroke={1.8} />}
            // Not `disabled`, which would lose the focus.
            data-busy={activity.pending !== undefined || undefined}
            aria-disabled={activity.pending !== undefined || undefined}
            aria-keyshortcuts={ariaShortcut(shortcut)}
            title={explained(t, service, pressed)}
            onClick={() => {
              if (activity.pending === undefined) press(service, pressed);
            }}
          >
            {t(label, { who: nameOf(t, pressed.call) })}
          </Button>
        );
      })}
    </div>
  );
}

function explained(t: Translate, service: CallService, { call, counterpart }: Pressed): string | undefined {
  if (service !== 'completeTransfer' || counterpart === undefined) return undefined;
  return t('call.completeTransfer.who', { who: nameOf(t, call), other: nameOf(t, counterpart) });
}

function nameOf(t: Translate, call: Pressed['call']): string {
  return partyWords(call.remote).title ?? t('call.unknownCaller');
}
