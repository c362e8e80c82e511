import type { CallService } from '@offhook/contract';
import type { CallActivity } from '@offhook/phone-core';
import { RoundButton } from '@offhook/ui';
import { useWords } from '../i18n/use-words.ts';
import { ariaShortcut } from '../shortcuts/shortcuts.ts';
import classes from './CallControls.module.css';
import {
  buttonOf,
  panelOf,
  press,
  serviceButtons,
  servicesInOrder,
  type CardPanel,
  type Pressed,
} from './service-buttons.ts';

export interface CallControlsProps {
  readonly pressed: Pressed;
  readonly drawn: readonly CallService[];
  readonly activity: CallActivity;
  readonly compact: boolean;
  readonly panel: CardPanel | undefined;
}

/** The round buttons on the face of a card: one for each service that is drawn there. */
export function CallControls({ pressed, drawn, activity, compact, panel }: CallControlsProps) {
  const { t } = useWords();
  const shown = servicesInOrder.filter((service) => {
    const { place, inRow } = serviceButtons[service];
    const opened = panel !== undefined && panelOf(service) === panel;
    return place === 'face' && drawn.includes(service) && (!compact || inRow || opened);
  });
  if (shown.length === 0) return null;
  return (
    <div className={classes['controls']} data-compact={compact || undefined}>
      {shown.map((service) => {
        const button = buttonOf(service, pressed);
        const opens = panelOf(service);
        const open = opens === undefined ? undefined : opens === panel;
        return (
          <RoundButton
            key={service}
            data-service={service}
            label={t(button.label)}
            icon={<button.icon size={compact ? 20 : 25} stroke={1.7} />}
            tone={open === true ? 'active' : button.tone}
            compact={compact}
            busy={activity.pending !== undefined && service !== 'hangUp'}
            aria-expanded={open}
            aria-keyshortcuts={ariaShortcut(button.shortcut)}
            onClick={() => press(service, pressed)}
          />
        );
      })}
    </div>
  );
}
